using System.Collections.Concurrent;

namespace Mimir.Configuration.Plugins;

/// <summary>
/// What the plugins were when they last could be used. One whose manifest is broken while Mimir runs goes on as it was until it is mended
/// or removed, and so does a profile. For the loads of one run of Mimir; safe for any thread.
/// </summary>
public sealed class PluginMemory
{
    private readonly ConcurrentDictionary<string, PluginRemains> _servers = new(StringComparer.Ordinal);

    /// <summary>The profile in force and what it let run, when it last could be read; null for none.</summary>
    internal (string Profile, ProfileGate Gate)? Gate { get; set; }

    /// <summary>What the plugin of a manifest was; null when it has not been run.</summary>
    internal PluginRemains? Find(string file) => _servers.GetValueOrDefault(file);

    /// <summary>Notes what the plugin of a manifest is; null when it is not run.</summary>
    internal void Keep(string file, PluginRemains? server)
    {
        if (server is null)
        {
            _servers.TryRemove(file, out _);
        }
        else
        {
            _servers[file] = server;
        }
    }

    /// <summary>Forgets those whose manifests are gone.</summary>
    internal void KeepOnly(IReadOnlyCollection<string> files)
    {
        foreach (var file in _servers.IsEmpty ? [] : _servers.Keys.Except(files, StringComparer.Ordinal))
        {
            _servers.TryRemove(file, out _);
        }
    }
}
