using System.Text.Json.Nodes;

namespace Mimir.Peers;

/// <summary>A <c>mimir.json</c> in a temporary folder of its own, which goes with it.</summary>
public sealed class ConfigurationFile : IDisposable
{
    private readonly DirectoryInfo _folder;

    private ConfigurationFile(DirectoryInfo folder)
    {
        _folder = folder;
        Path = System.IO.Path.Combine(folder.FullName, "mimir.json");
    }

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>Writes a configuration.</summary>
    public static ConfigurationFile Write(JsonObject configuration)
    {
        var file = new ConfigurationFile(Directory.CreateTempSubdirectory("mimir-test-"));
        File.WriteAllText(file.Path, configuration.ToJsonString());
        return file;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
