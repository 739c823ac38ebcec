using Mimir.Router.Files;

namespace Mimir.Identity.Tests.Support;

/// <summary>
/// The real disk, of which one step fails: it throws as a full or broken disk does, having done a part of what it was told; or, as when the process is
/// killed there, it and everything after it is not done at all.
/// </summary>
internal sealed class FailingDisk(int at, bool dies, int part) : IDisk
{
    private int _step;
    private bool _isDead;

    /// <summary>How many steps were asked for.</summary>
    public int Steps => _step;

    /// <summary>What is thrown where it dies; nobody may catch it to tidy up.</summary>
    public sealed class Death : Exception;

    public IDiskFile Create(string path, UnixFileMode mode)
    {
        Step();
        return new Writing(this, SystemDisk.Instance.Create(path, mode));
    }

    public void Rename(string from, string to)
    {
        Step();
        SystemDisk.Instance.Rename(from, to);
    }

    public void MakeFolder(string path, UnixFileMode mode)
    {
        Step();
        SystemDisk.Instance.MakeFolder(path, mode);
    }

    public void FlushFolder(string path)
    {
        Step();
        SystemDisk.Instance.FlushFolder(path);
    }

    public void Delete(string path)
    {
        Step();
        SystemDisk.Instance.Delete(path);
    }

    private void Step(Action? some = null)
    {
        if (_isDead) throw new Death();
        if (++_step != at) return;
        some?.Invoke();
        _isDead = dies;
        throw dies ? new Death() : new IOException("No space left on device");
    }

    private sealed class Writing(FailingDisk disk, IDiskFile file) : IDiskFile
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            var some = bytes[..(bytes.Length * disk.Part / 100)].ToArray();
            disk.Step(() => file.Write(some));
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
}
