using System.Text.Json;

namespace Mimir.Supervisor.Registry;

/// <summary>
/// This Mimir's own folder in the registry. A child is announced before it is made, entered before it runs, and struck out before its
/// number is free: what is to be ended is what was started, however far it came. Thread-safe.
/// </summary>
internal sealed class Instance : IDisposable
{
    private readonly InstanceFolder _folder;
    private readonly FileStream _lock;
    private readonly Action<string> _log;
    private int _complained;

    private Instance(InstanceFolder folder, FileStream @lock, Action<string> log)
    {
        _folder = folder;
        _lock = @lock;
        _log = log;
    }

    /// <summary>The folder's full path.</summary>
    internal string Path => _folder.Path;

    /// <summary>Where what servers write to stderr is kept.</summary>
    internal string Logs => _folder.Logs;

    /// <summary>Makes the folder. When that is not possible it says so, and what follows from it, and returns null.</summary>
    /// <param name="state">The user's folder.</param>
    /// <param name="id">The mark that every child of this Mimir carries.</param>
    /// <param name="clock">Tells when.</param>
    /// <param name="log">Takes a sentence for the operator.</param>
    internal static Instance? TryCreate(StateFolder state, string id, TimeProvider clock, Action<string> log)
    {
        FileStream? held = null;
        try
        {
            state.Make();
            var folder = new InstanceFolder(System.IO.Path.Combine(state.Instances, id));
            folder.Make();

            // Held as long as we live, for those who cannot see our process (another container, another machine).
            held = PrivateFile.Open(folder.Lock, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            var self = Identities.Of(Environment.ProcessId) ?? throw new IOException("the system does not tell when this process started");
            var owner = new OwnerRecord(self, clock.GetUtcNow().ToUnixTimeMilliseconds());
            PrivateFile.Replace(folder.Owner, JsonSerializer.SerializeToUtf8Bytes(owner, RegistryJson.Default.OwnerRecord));
            return new Instance(folder, held, log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            log($"The state folder {state.Path} cannot be used ({e.Message}): what servers write to stderr is not kept, and should this process "
                + "be killed, the next one cannot tell what it leaves behind. Make the folder writable, or set XDG_STATE_HOME to one that is.");
            return null;
        }
    }

    /// <summary>Says that a child with this mark is about to be made.</summary>
    internal void Announce(string mark, string server) => Write(mark, new ChildRecord(server, 0, 0));

    /// <summary>Enters a child that exists and does not run its program yet.</summary>
    internal void Enter(string mark, string server, int processId)
    {
        if (Identities.Of(processId) is { } identity)
            Write(mark, new ChildRecord(server, processId, identity.Started));
    }

    /// <summary>Strikes a child out.</summary>
    internal void Strike(string mark) => PrivateFile.TryDelete(_folder.Child(mark));

    /// <summary>Lets go of the folder. It stays for as long as it is the newest that has logs; else it goes.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        if (!_folder.HasLogs)
            _folder.TryDelete();
    }

    private void Write(string mark, ChildRecord record)
    {
        try
        {
            PrivateFile.Replace(_folder.Child(mark), JsonSerializer.SerializeToUtf8Bytes(record, RegistryJson.Default.ChildRecord));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Interlocked.Exchange(ref _complained, 1) == 0)
                _log($"{_folder.Path} cannot be written any more ({e.Message}): should this process be killed, the next one may not tell what it leaves behind. Make room, or make it writable.");
        }
    }
}
