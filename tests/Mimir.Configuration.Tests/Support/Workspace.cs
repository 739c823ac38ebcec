using System.Text;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Sources;

namespace Mimir.Configuration.Tests.Support;

/// <summary>A folder of its own for one test, with real files, and an environment that only the test sees.</summary>
internal sealed class Workspace : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("mimir-config-").FullName;

    public FakeEnvironment Environment { get; } = new();

    public string Main => Path.Combine(Folder, "mimir.json");

    /// <summary>Loads one text as the main file of a folder.</summary>
    public static ConfigResult LoadText(string json, params (string Name, string Value)[] variables)
    {
        using var workspace = new Workspace();
        foreach (var (name, value) in variables)
        {
            workspace.Environment[name] = value;
        }

        workspace.Write("mimir.json", json);
        return workspace.Load();
    }

    /// <summary>Loads one server, named <c>a</c>, whose body is given without braces.</summary>
    public static ConfigResult LoadServer(string body, params (string Name, string Value)[] variables) =>
        LoadText($$"""{ "mcpServers": { "a": { {{body}} } } }""", variables);

    /// <summary>Loads one text as a backends file that says with what names are joined, so that nothing is to be said of that.</summary>
    public static ConfigResult LoadBackends(string yaml, params (string Name, string Value)[] variables) =>
        LoadYaml($"{yaml}\nnaming: {{ separator: _ }}\n", variables);

    /// <summary>Loads one text as a backends file, named by itself.</summary>
    public static ConfigResult LoadYaml(string yaml, params (string Name, string Value)[] variables)
    {
        using var workspace = new Workspace();
        foreach (var (name, value) in variables)
        {
            workspace.Environment[name] = value;
        }

        return workspace.Load(workspace.Write("b.yaml", yaml));
    }

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public FakeVault Vault { get; } = new();

    public ConfigResult Load(string? given = null) => ConfigLoader.Load(ConfigLocation.Find(given ?? Folder, Environment), Environment, Vault);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
