using Mimir.Configuration.Merging;
using Mimir.Configuration.Sources;

namespace Mimir.Configuration.Editing;

/// <summary>What has a file of its own.</summary>
/// <param name="Word">What it is called.</param>
/// <param name="Folder">The folder of its files.</param>
/// <param name="Key">The key it stands under in the main file.</param>
/// <param name="Alias">Another spelling of that key.</param>
internal sealed record EntryKind(string Word, string Folder, string Key, string Alias)
{
    /// <summary>A server.</summary>
    public static readonly EntryKind Server = new("server", ConfigFiles.ServersName, ServerMerge.Key, ServerMerge.Alias);

    /// <summary>A namespace.</summary>
    public static readonly EntryKind Namespace = new("namespace", ConfigFiles.NamespacesName, NamespaceMerge.Key, NamespaceMerge.Key);
}
