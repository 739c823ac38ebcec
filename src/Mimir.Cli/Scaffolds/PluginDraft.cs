using System.Text;
using System.Text.RegularExpressions;
using Mimir.Router.Files;

namespace Mimir.Cli.Scaffolds;

/// <summary>A new plugin: a manifest with everything in it that one may need, and a small server where no program is named.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Command">The program to start and its arguments; empty for a server of its own.</param>
internal sealed partial record PluginDraft(string Name, string Description, IReadOnlyList<string> Command)
{
    private const string Server = "server.py";
    private const string Manifest = "plugin.toml";

    /// <summary>Names and patterns of the secrets that it may be given.</summary>
    public IReadOnlyList<string> CredentialRefs { get; init; } = [];

    /// <summary>Writes it.</summary>
    /// <param name="plugins">Full path of the folder of plugins, there or not.</param>
    /// <returns>Full paths of the files, the manifest last; null when there is a folder, file or link of that name already.</returns>
    /// <exception cref="IOException">It was not written, or not all of it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written there.</exception>
    public IReadOnlyList<string>? Write(string plugins)
    {
        var folder = Path.Combine(plugins, Name);
        return Path.Exists(folder) || new FileInfo(folder).LinkTarget is not null ? null : WriteInto(folder);
    }

    /// <summary>Writes it into a folder of another name.</summary>
    /// <param name="folder">Full path of a folder that is not there yet.</param>
    /// <returns>Full paths of the files, the manifest last.</returns>
    /// <exception cref="IOException">It was not written, or not all of it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written there.</exception>
    public IReadOnlyList<string> WriteInto(string folder)
    {
        var files = new List<string>();
        DurableFile.MakeFolder(SystemDisk.Instance, folder, DurableFile.PrivateFolder);
        if (Command.Count == 0)
        {
            Save(Server, Fill(Server));
        }

        // A Mimir that runs starts it as soon as there is a manifest.
        var runtime = Command.Count == 0
            ? $"entry = \"{Server}\"      # in this folder; .py is run by Python, .js by node\n# python = \">=3.11\"\n# deps = [\"httpx>=0.28\"]   # uv brings them"
            : $"command = {Quote(Command[0])}\nargs = {List(Command.Skip(1))}   # {{plugin_dir}} in one stands for this folder";
        Save(Manifest, Fill(Manifest, runtime));
        return files;

        void Save(string name, string text)
        {
            files.Add(Path.Combine(folder, name));
            DurableFile.Save(SystemDisk.Instance, files[^1], Encoding.UTF8.GetBytes(text), DurableFile.Private);
        }
    }

    // In one pass: what is filled in is never looked at for something to fill in.
    private string Fill(string resource, string runtime = "")
    {
        using var stream = typeof(PluginDraft).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Places().Replace(Encoding.UTF8.GetString(bytes).ReplaceLineEndings("\n"), place => place.ValueSpan switch
        {
            "@NAME@" => Name,
            "@DESCRIPTION@" => Quote(Description),
            "@RUNTIME@" => runtime,
            _ => List(CredentialRefs),
        });
    }

    private static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";

    [GeneratedRegex("@(?:NAME|DESCRIPTION|RUNTIME|CREDENTIALS)@", RegexOptions.NonBacktracking)]
    private static partial Regex Places();

    /// <summary>A basic string of TOML.</summary>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c is '"' or '\\' ? quoted.Append('\\').Append(c)
                : c is < ' ' or '\u007f' ? quoted.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
