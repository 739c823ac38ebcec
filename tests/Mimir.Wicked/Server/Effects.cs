using System.Text;

namespace Mimir.Wicked.Server;

/// <summary>The side effects of calls, kept in a file that outlives the process: the path given, a dot, and the process id.</summary>
internal sealed class Effects(string? path)
{
    private readonly FileStream? _file =
        path is null ? null : new FileStream($"{path}.{Environment.ProcessId}", FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private readonly Lock _gate = new();

    /// <summary>Enters one, in one write.</summary>
    public void Enter(string nonce)
    {
        if (_file is null) return;
        var line = Encoding.ASCII.GetBytes(nonce + "\n");
        lock (_gate) _file.Write(line);
    }
}
