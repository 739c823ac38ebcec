using System.Text.Json;
using System.Xml.Linq;

namespace Mimir.Architecture.Repository;

/// <summary>The packages whose code ends up beside `mimir`, read from what the restore of Mimir.Cli left behind.</summary>
internal static class ShippedPackages
{
    /// <summary>Licences that ask for no more than a notice.</summary>
    public static IReadOnlyCollection<string> Accepted { get; } = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "PostgreSQL"];

    /// <summary>Name, version and licence expression of each; an expression that is missing reads as "unknown".</summary>
    public static IReadOnlyList<(string Name, string Version, string Licence)> Read()
    {
        using var assets = JsonDocument.Parse(Repo.Read("src/Mimir.Cli/obj/project.assets.json"));
        string[] folders = [.. assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
        var found = new List<(string, string, string)>();
        foreach (JsonProperty library in assets.RootElement.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject())
        {
            bool ships = library.Value.GetProperty("type").GetString() == "package"
                && library.Value.TryGetProperty("runtime", out JsonElement runtime)
                && runtime.EnumerateObject().Any(file => file.Name.EndsWith(".dll", StringComparison.Ordinal));
            if (ships)
            {
                string[] parts = library.Name.Split('/');
                found.Add((parts[0], parts[1], Licence(folders, parts[0].ToLowerInvariant(), parts[1])));
            }
        }

        return found;
    }

    private static string Licence(string[] folders, string name, string version)
    {
        string? nuspec = folders.Select(folder => Path.Combine(folder, name, version, name + ".nuspec")).FirstOrDefault(File.Exists);
        return nuspec is null
            ? "unknown"
            : XDocument.Load(nuspec).Descendants().FirstOrDefault(node => node.Name.LocalName == "license" && (string?)node.Attribute("type") == "expression")?.Value ?? "unknown";
    }
}
