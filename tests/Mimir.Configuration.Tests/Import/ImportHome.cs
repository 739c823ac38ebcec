using System.Collections.Immutable;
using Mimir.Configuration.Import;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;
using Mimir.Router.Files;

namespace Mimir.Configuration.Tests.Import;

/// <summary>A home folder with clients, a project, a configuration and a state folder of its own.</summary>
internal sealed class ImportHome : IDisposable
{
    private readonly Workspace _workspace = new();

    public ImportHome()
    {
        _workspace.Environment.HomeDirectory = At("home");
        Directory.CreateDirectory(At("home"));
        Directory.CreateDirectory(At("project"));
    }

    public FakeEnvironment Environment => _workspace.Environment;

    public FakeVault Vault => _workspace.Vault;

    public string At(string name) => Path.Combine(_workspace.Folder, name);

    public string Write(string name, string text) => _workspace.Write(name, text);

    public string Server(string name) => At($"config/servers/{name}.json");

    public Importer Importer(IDisk? disk = null, string config = "config") => new(
        new ConfigLocation(At(config), IsExplicit: false, "the test"), Environment, Vault, new ImportJournal(disk ?? SystemDisk.Instance, At("state/imports")), At("project"), 3000);

    /// <summary>Looks at one client or file, and at all of it.</summary>
    public ImmutableArray<ImportItem> Look(string source, ImportWish? wish = null) =>
        [.. Importer().Look(source, wish ?? new ImportWish()).SelectMany(file => file.Items)];

    /// <summary>Imports without asking.</summary>
    public void Import(string source, ImportWish? wish = null, IDisk? disk = null)
    {
        var importer = Importer(disk);
        wish ??= new ImportWish();
        var files = importer.Look(source, wish);
        Assert.Equal("", string.Join('\n', importer.Check(files)));
        importer.Apply(source, wish, files);
    }

    /// <summary>Every file below the configuration, by its name, and what it holds.</summary>
    public Dictionary<string, string> Configuration() => !Directory.Exists(At("config")) ? []
        : Directory.GetFiles(At("config"), "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != ".config.lock")
            .ToDictionary(path => Path.GetRelativePath(At("config"), path), File.ReadAllText, StringComparer.Ordinal);

    public void Dispose() => _workspace.Dispose();
}
