using System.Runtime.InteropServices;
using System.Text;

namespace Mimir.Eras.Server;

/// <summary>
/// What was done, a line each, in a file that outlives the process. Each line is one write to a file that is only ever appended to, so
/// that neither another process nor the end of this one can take it back.
/// </summary>
internal sealed partial class Ledger : IDisposable
{
    private const int WriteOnly = 1;
    private const int Create = 64;
    private const int Append = 1024;
    private const int Mode = 0b110_100_100;

    private readonly int _file;

    public Ledger(string? path)
    {
        _file = path is null ? -1 : Open(path, WriteOnly | Create | Append, Mode);
        if (path is not null && _file < 0) throw new IOException($"{path}: error {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Enters that this process hears its clients from now on.</summary>
    public void Start() => Note("start " + Json.Digits(Environment.ProcessId));

    /// <summary>Adds a line.</summary>
    public void Note(string line)
    {
        if (_file < 0) return;
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        if (Write(_file, bytes, bytes.Length) != bytes.Length) throw new IOException($"error {Marshal.GetLastPInvokeError()}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_file >= 0) _ = Close(_file);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int file, ReadOnlySpan<byte> bytes, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
