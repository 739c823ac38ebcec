using System.IO.MemoryMappedFiles;

namespace Mimir.Fuzz;

/// <summary>
/// Keeps the running input in a mapped file, which outlives the process, and ends the process when one input takes too long.
/// </summary>
internal sealed class LastInput : IDisposable
{
    private const int Capacity = 1 << 17;
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(20);

    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Timer _watch;
    private readonly byte[] _copy = new byte[Capacity];
    private long _started = Environment.TickCount64;

    public LastInput(string path, Action onHang)
    {
        _path = path;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, Capacity + sizeof(int));
        _view = _file.CreateViewAccessor();
        _watch = new Timer(
            _ =>
            {
                if (Environment.TickCount64 - Volatile.Read(ref _started) > s_hang.TotalMilliseconds)
                {
                    onHang();
                }
            },
            null,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(1));
    }

    /// <summary>The input that a process left behind when it died; null if none did.</summary>
    public static byte[]? Recover(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(path);
        var length = bytes.Length < sizeof(int) ? 0 : BitConverter.ToInt32(bytes);
        return length > 0 && length <= bytes.Length - sizeof(int) ? bytes[sizeof(int)..(sizeof(int) + length)] : null;
    }

    public void Set(ReadOnlySpan<byte> input)
    {
        Volatile.Write(ref _started, Environment.TickCount64);
        var length = Math.Min(input.Length, Capacity);
        input[..length].CopyTo(_copy);
        _view.Write(0, length);
        _view.WriteArray(sizeof(int), _copy, 0, length);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
