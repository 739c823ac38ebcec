using System.Collections.Immutable;
using System.Globalization;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Plugins;

/// <summary>Turns the <c>[runtime]</c> of a plugin into the keys of a server that say what is started.</summary>
/// <param name="folder">The plugin's folder.</param>
/// <param name="template">Fills in what stands in braces.</param>
/// <param name="issues">Told what cannot be started.</param>
internal sealed class PluginLaunch(PluginFolder folder, InventoryTemplate template, IssueList issues)
{
    private readonly List<string> _files = [];

    /// <summary>Full paths of the files that were looked for: when they come or go, something else is started.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Length and time of writing of the entry; empty where there is none.</summary>
    public string Stamp { get; private set; } = "";

    /// <summary>Turns.</summary>
    public ImmutableArray<ConfigMember> Turn(PluginRuntime runtime)
    {
        var members = ImmutableArray.CreateBuilder<ConfigMember>();
        Add(members, "cwd", LiteralText.Node(runtime.Source, folder.Path));
        if (runtime.Command.HasValue)
        {
            foreach (var setting in (ConfigNode?[])[runtime.Python.Source, runtime.Packages.Source, runtime.Venv.Source])
            {
                if (setting is not null)
                {
                    issues.Error(setting, "has no effect with command", "Remove it, or write entry instead of command");
                }
            }

            Add(members, "command", LiteralText.Node(runtime.Command.Source!, runtime.Command.Value));
            Arguments(members, runtime, []);
        }
        else if (runtime.Entry.HasValue)
        {
            Entry(members, runtime, runtime.Entry.Source!, runtime.Entry.Value);
        }
        else if (!runtime.Entry.IsGiven && !runtime.Command.IsGiven)
        {
            issues.Error(runtime.Source, "has neither entry nor command", "Write entry = \"server.py\", or command = \"uvx\" and args");
        }

        if (runtime.Environment.HasValue)
        {
            var at = runtime.Environment.Source!;
            Add(members, "env", ConfigNode.Object(at.Mark, at.Path, [.. runtime.Environment.Value.Select(Variable)]));
        }

        return members.ToImmutable();
    }

    private static void Add(ImmutableArray<ConfigMember>.Builder members, string name, ConfigNode node) => members.Add(new ConfigMember(name, node.Mark, node));

    private ConfigMember Variable(TextEntry entry)
    {
        var at = entry.Value.Source!;
        return new ConfigMember(entry.Name, at.Mark, entry.Value.HasValue ? LiteralText.Node(at, template.Fill(entry.Value.Value, at)) : at);
    }

    private void Arguments(ImmutableArray<ConfigMember>.Builder members, PluginRuntime runtime, IReadOnlyList<string> first)
    {
        var at = runtime.Arguments.Source ?? runtime.Source;
        var written = runtime.Arguments.Or([]).Where(a => a.Value.HasValue)
            .Select(a => LiteralText.Node(a.Value.Source!, a.Value.Value.Replace(InventoryTemplate.Folder, folder.Path, StringComparison.Ordinal)));
        Add(members, "args", ConfigNode.Array(at.Mark, at.Path, [.. first.Select(a => LiteralText.Node(at, a)), .. written]));
    }

    private void Entry(ImmutableArray<ConfigMember>.Builder members, PluginRuntime runtime, ConfigNode at, string entry)
    {
        if (folder.Find(entry) is not { } file)
        {
            issues.Error(at, "leads out of the plugin's folder", "Write a path within it, e.g. entry = \"server.py\"");
            return;
        }

        _files.Add(file);
        if (!File.Exists(file))
        {
            issues.Error(at, "names a file that is not there", "Put it into the plugin's folder, or name the right one");
            return;
        }

        var written = new FileInfo(file);
        Stamp = string.Create(CultureInfo.InvariantCulture, $"{written.Length} {written.LastWriteTimeUtc.Ticks}");
        var (command, first) = Path.GetExtension(entry).ToUpperInvariant() switch
        {
            ".PY" => Python(runtime, file),
            ".JS" or ".MJS" or ".CJS" => ("node", (IReadOnlyList<string>)[file]),
            _ => (file, []),
        };
        Add(members, "command", LiteralText.Node(at, command));
        Arguments(members, runtime, first);
    }

    private (string Command, IReadOnlyList<string> First) Python(PluginRuntime runtime, string file)
    {
        var packages = runtime.Packages.Or([]).Where(p => p.Value.HasValue).Select(p => p.Value.Value).ToList();
        if (runtime.Venv.Or("auto") is var venv && venv == "shared")
        {
            issues.Error(runtime.Venv.Source!, "asks for an environment that plugins share, which there is not", "Write auto, or the path of an environment");
        }
        else if (venv != "auto")
        {
            if (packages.Count > 0)
            {
                issues.Error(runtime.Packages.Source!, "is not installed into an environment of your own", "Install it there and remove deps, or remove venv");
            }

            var interpreter = Interpreter(venv);
            return File.Exists(interpreter) ? (interpreter, [file]) : Missing(runtime.Venv.Source!, file);
        }

        if (packages.Count > 0 || runtime.Python.HasValue)
        {
            // One argument each: none of them can be taken for an option of its own.
            return ("uv", [
                "run", "--no-project", "--quiet",
                .. runtime.Python.HasValue ? [$"--python={runtime.Python.Value}"] : Array.Empty<string>(),
                .. packages.Select(p => $"--with={p}"), "python", file,
            ]);
        }

        return File.Exists(Interpreter(".venv")) ? (Interpreter(".venv"), [file]) : (OperatingSystem.IsWindows() ? "python" : "python3", [file]);
    }

    private (string Command, IReadOnlyList<string> First) Missing(ConfigNode at, string file)
    {
        issues.Error(at, "names no environment of Python", "Make it with: python3 -m venv PATH, in the plugin's folder");
        return ("python3", [file]);
    }

    private string Interpreter(string venv)
    {
        var path = Path.GetFullPath(Path.Combine(folder.Path, venv, OperatingSystem.IsWindows() ? "Scripts/python.exe" : "bin/python"));
        _files.Add(path);
        return path;
    }
}
