using Mimir.Router.Files;

namespace Mimir.Router.Tests.Policies.Audit;

/// <summary>The real disk, which is full as long as it is told so: of what is written then, a half gets there.</summary>
internal sealed class FailingLogDisk : ILogDisk
{
    private readonly SystemDisk _disk = SystemDisk.Instance;

    public bool IsFull { get; set; }

    /// <summary>Whether a file that was written cannot be forced to the disk.</summary>
    public bool FailsToFlush { get; set; }

    /// <summary>Writing waits for it, as at a disk that hangs.</summary>
    public ManualResetEventSlim Goes { get; } = new(initialState: true);

    /// <summary>Set once something is written.</summary>
    public TaskCompletionSource Writes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ILogFile OpenLog(string path, UnixFileMode mode) => new Growing(this, _disk.OpenLog(path, mode));

    public IDiskFile Create(string path, UnixFileMode mode) => _disk.Create(path, mode);

    public void Rename(string from, string to) => _disk.Rename(from, to);

    public void MakeFolder(string path, UnixFileMode mode) => _disk.MakeFolder(path, mode);

    public void FlushFolder(string path) => _disk.FlushFolder(path);

    public void Delete(string path) => _disk.Delete(path);

    private sealed class Growing(FailingLogDisk disk, ILogFile file) : ILogFile
    {
        public long Length => file.Length;

        public int Read(long at, Span<byte> into) => file.Read(at, into);

        public void Write(long at, ReadOnlySpan<byte> bytes)
        {
            disk.Writes.TrySetResult();
            disk.Goes.Wait();
            file.Write(at, disk.IsFull ? bytes[..(bytes.Length / 2)] : bytes);
            if (disk.IsFull) throw new IOException("No space left on device");
        }

        public void Cut(long length) => file.Cut(length);

        public void Flush()
        {
            if (disk.FailsToFlush) throw new IOException("Input/output error");
            file.Flush();
        }

        public void Dispose() => file.Dispose();
    }
}
