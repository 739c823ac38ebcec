namespace Mimir.Configuration.Import;

/// <summary>What an import changes, written down before it changes anything.</summary>
/// <param name="Version">The shape of the record: 1.</param>
/// <param name="Folder">Full path of the configuration.</param>
/// <param name="Files">The files it writes.</param>
internal sealed record ImportRecord(int Version, string Folder, ImportedFile[] Files)
{
    /// <summary>The only shape there is.</summary>
    public const int Current = 1;
}
