using Mimir.Identity.Vaults;
using Mimir.Router.Files;

namespace Mimir.Identity.Tests.Support;

/// <summary>A folder of its own for one test, with a vault in it.</summary>
internal sealed class Place : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mimir-vault-");

    public string Root => _root.FullName;

    public string Folder => Path.Combine(Root, "data", "mimir");

    public string File => Path.Combine(Folder, VaultPlace.FileName);

    public string Key => Path.Combine(Folder, VaultPlace.KeyFileName);

    public VaultPlace Vault => new(File, Key);

    public Vault Open(IDisk? disk = null) => new(Vault, TimeProvider.System, disk);

    /// <summary>What is in it now, as <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Read() => [.. Open().Read().Select(e => $"{e.Key}={e.Value.Value}")];

    public void Dispose() => _root.Delete(recursive: true);
}
