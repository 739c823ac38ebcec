using Mimir.Router.Files;

namespace Mimir.Configuration.Tests.Import;

/// <summary>The real disk, which fails at one step and at each after it, as when the power is cut.</summary>
/// <param name="last">How many steps succeed.</param>
internal sealed class StepDisk(int last) : IDisk
{
    /// <summary>How many steps were asked for.</summary>
    public int Steps { get; private set; }

    private int Last => last;

    public IDiskFile Create(string path, UnixFileMode mode) => new StepFile(this, After(() => SystemDisk.Instance.Create(path, mode)));

    public void Rename(string from, string to) => After(() => SystemDisk.Instance.Rename(from, to));

    public void MakeFolder(string path, UnixFileMode mode) => After(() => SystemDisk.Instance.MakeFolder(path, mode));

    public void FlushFolder(string path) => After(() => SystemDisk.Instance.FlushFolder(path));

    public void Delete(string path) => After(() => SystemDisk.Instance.Delete(path));

    private void After(Action step) => After(() =>
    {
        step();
        return true;
    });

    private T After<T>(Func<T> step) => Steps++ < last ? step() : throw new IOException("the power is cut");

    private sealed class StepFile(StepDisk disk, IDiskFile file) : IDiskFile
    {
        // Half of it reaches the disk before the power goes.
        public void Write(ReadOnlySpan<byte> bytes)
        {
            if (disk.Steps++ >= disk.Last)
            {
                file.Write(bytes[..(bytes.Length / 2)]);
                throw new IOException("the power is cut");
            }

            file.Write(bytes);
        }

        public void Flush() => disk.After(file.Flush);

        public void Dispose() => file.Dispose();
    }
}
