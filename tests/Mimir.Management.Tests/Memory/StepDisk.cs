using Mimir.Router.Files;

namespace Mimir.Management.Tests.Memory;

/// <summary>The real disk, of whose steps one fails: with an error after which things go on, or as if the process had died there. Of what is written then, a part gets there.</summary>
/// <param name="at">Which step, from 1.</param>
/// <param name="dies">Whether nothing is done any more from then on.</param>
/// <param name="part">How many percent are written.</param>
internal sealed class StepDisk(int at, bool dies, int part) : ILogDisk
{
    private readonly SystemDisk _disk = SystemDisk.Instance;
    private int _step;

    public IDiskFile Create(string path, UnixFileMode mode)
    {
        Step();
        return new Whole(this, _disk.Create(path, mode));
    }

    public ILogFile OpenLog(string path, UnixFileMode mode)
    {
        Step();
        return new Growing(this, _disk.OpenLog(path, mode));
    }

    public void Rename(string from, string to)
    {
        Step();
        _disk.Rename(from, to);
    }

    public void MakeFolder(string path, UnixFileMode mode)
    {
        Step();
        _disk.MakeFolder(path, mode);
    }

    public void FlushFolder(string path)
    {
        Step();
        _disk.FlushFolder(path);
    }

    public void Delete(string path)
    {
        Step();
        _disk.Delete(path);
    }

    private bool Fails() => ++_step == at || (dies && _step > at);

    private void Step()
    {
        if (Fails())
        {
            Fail();
        }
    }

    private void Fail() => throw (dies ? new Death() : new IOException("No space left on device : '/secret/place'"));

    /// <summary>What no code of ours catches.</summary>
    public sealed class Death : Exception;

    private sealed class Whole(StepDisk disk, IDiskFile file) : IDiskFile
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            if (disk.Fails())
            {
                file.Write(bytes[..(bytes.Length * disk.Part / 100)]);
                disk.Fail();
            }

            file.Write(bytes);
        }

        public void Flush()
        {
            disk.Step();
            file.Flush();
        }

        public void Dispose() => file.Dispose();
    }

    private int Part => part;

    private sealed class Growing(StepDisk disk, ILogFile file) : ILogFile
    {
        public long Length => file.Length;

        public int Read(long at, Span<byte> into) => file.Read(at, into);

        public void Write(long at, ReadOnlySpan<byte> bytes)
        {
            if (disk.Fails())
            {
                file.Write(at, bytes[..(bytes.Length * disk.Part / 100)]);
                disk.Fail();
            }

            file.Write(at, bytes);
        }

        public void Cut(long length)
        {
            disk.Step();
            file.Cut(length);
        }

        public void Flush()
        {
            disk.Step();
            file.Flush();
        }

        public void Dispose() => file.Dispose();
    }
}
