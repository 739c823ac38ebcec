namespace Mimir.Configuration.Sources;

/// <summary>Files of servers that are about to be written: a configuration is read as if they were there.</summary>
/// <param name="files">Full paths and contents.</param>
internal sealed class PendingFiles(IReadOnlyDictionary<string, byte[]> files)
{
    /// <summary>The files of a configuration, and these.</summary>
    public ConfigFiles With(ConfigFiles found) =>
        found with { Servers = [.. found.Servers.Union(files.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)] };

    /// <summary>What a file is about to hold; null when it is not one of these.</summary>
    public byte[]? Find(string path) => files.GetValueOrDefault(path);
}
