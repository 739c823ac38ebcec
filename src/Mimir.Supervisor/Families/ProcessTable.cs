using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Families;

/// <summary>Reads the living processes and the marks they carry from <c>/proc</c>.</summary>
internal sealed unsafe class ProcessTable
{
    /// <summary>PF_KTHREAD: a thread of the kernel's, which never has an environment.</summary>
    private const uint KernelThread = 0x00200000;

    private const int InitialBytes = 16 * 1024, MaxEnvironmentBytes = 8 * 1024 * 1024;

    private readonly string _root;
    private readonly byte[] _mark;

    /// <summary>Looks for the variable <paramref name="variable"/> in every environment.</summary>
    internal ProcessTable(string variable, string root = "/proc")
    {
        _mark = Encoding.UTF8.GetBytes(variable + "=");
        _root = root;
        IsAvailable = File.Exists($"{root}/self/stat");
    }

    /// <summary>Whether the system has such a table at all (macOS has not; a Linux without <c>/proc</c> exists).</summary>
    internal bool IsAvailable { get; }

    /// <summary>
    /// Every process alive at some moment of the walk, zombies and the kernel's own left out. A process that is born while the walk is past its number
    /// is missed: whoever needs certainty walks twice.
    /// </summary>
    /// <exception cref="IOException">The table cannot be listed (no descriptor left).</exception>
    internal List<ProcessEntry> Read()
    {
        var found = new List<ProcessEntry>();
        var buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
        try
        {
            foreach (var folder in Directory.EnumerateDirectories(_root))
            {
                if (!int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                    continue;
                if (ReadStat(id, ref buffer) is { } entry)
                    found.Add(entry with { Marks = ReadMarks(id, ref buffer, out var bare), IsBare = bare });
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return found;
    }

    /// <summary>Sends a signal to exactly this process: not to another one that has got its number since.</summary>
    internal void Signal(in ProcessEntry entry, int signal)
    {
        using var handle = ProcessHandle.TryOpen(entry.Id);
        var buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
        try
        {
            // The handle is opened first: if the process seen now is the one meant, so is the one behind the handle.
            if (ReadStat(entry.Id, ref buffer) is not { } now || now.Started != entry.Started)
                return;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (handle is null || !ProcessHandle.TrySignal(handle, signal))
            _ = Libc.Kill(entry.Id, signal);
    }

    /// <summary>Reads <c>stat</c>; null for a process that is gone or a zombie, and for the kernel's own.</summary>
    internal static ProcessEntry? ParseStat(int id, ReadOnlySpan<byte> stat)
    {
        // The name stands in parentheses and may hold anything, parentheses and line breaks included.
        var name = stat.LastIndexOf((byte)')');
        if (name < 0 || name + 2 >= stat.Length)
            return null;
        var rest = stat[(name + 2)..];
        if (rest[0] is (byte)'Z' or (byte)'X' or (byte)'x')
            return null;
        int parent = 0, group = 0;
        uint flags = 0;
        ulong started = 0;
        for (var field = 3; field <= 22; field++)
        {
            var end = rest.IndexOf((byte)' ');
            var text = end < 0 ? rest : rest[..end];
            var read = field switch
            {
                4 => Utf8Parser.TryParse(text, out parent, out _),
                5 => Utf8Parser.TryParse(text, out group, out _),
                9 => Utf8Parser.TryParse(text, out flags, out _),
                22 => Utf8Parser.TryParse(text, out started, out _),
                _ => true,
            };
            if (!read)
                return null;
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        if ((flags & KernelThread) != 0)
            return null;
        return new ProcessEntry(id, parent, group, started, string.Empty);
    }

    private ProcessEntry? ReadStat(int id, ref byte[] buffer)
    {
        var length = ReadFile(id, "stat", ref buffer, InitialBytes);
        return length <= 0 ? null : ParseStat(id, buffer.AsSpan(0, length));
    }

    private string ReadMarks(int id, ref byte[] buffer, out bool bare)
    {
        var length = ReadFile(id, "environ", ref buffer, MaxEnvironmentBytes);
        bare = length == 0;
        if (length <= 0)
            return string.Empty;
        var rest = buffer.AsSpan(0, length);
        while (!rest.IsEmpty)
        {
            var at = rest.IndexOf(_mark);
            if (at < 0)
                return string.Empty;
            var value = rest[(at + _mark.Length)..];
            if (at == 0 || rest[at - 1] == 0)
            {
                var end = value.IndexOf((byte)0);
                return Encoding.ASCII.GetString(end < 0 ? value : value[..end]);
            }

            rest = value;
        }

        return string.Empty;
    }

    /// <summary>Reads a file of a process whole; 0 or less when there is nothing to read or it is not ours to read.</summary>
    private int ReadFile(int id, string file, ref byte[] buffer, int most)
    {
        using var opened = Descriptors.TryOpen($"{_root}/{id}/{file}", Abi.OpenRead);
        if (opened is null)
            return Errno.Last == Errno.TooManyOpen ? throw new SystemCallException("open", Errno.Last) : -1;
        var fd = (int)opened.DangerousGetHandle();
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= most)
                    return length;
                var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            nint count;
            fixed (byte* start = &buffer[length])
                count = Libc.Read(fd, start, (nuint)(buffer.Length - length));
            if (count <= 0)
                return length;
            length += (int)count;
        }
    }
}
