using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Families;

/// <summary>Reads the living processes and the marks they carry: from <c>/proc</c>, or from macOS's own calls.</summary>
internal sealed unsafe class ProcessTable
{
    /// <summary>PF_KTHREAD: a thread of the kernel's, which never has an environment.</summary>
    private const uint KernelThread = 0x00200000;

    /// <summary>On a busy machine somebody is always new.</summary>
    private const int MostRounds = 4;

    private const int InitialBytes = 16 * 1024, MaxEnvironmentBytes = 8 * 1024 * 1024;

    private readonly string _root;
    private readonly byte[] _mark;

    /// <summary>Looks for the variable <paramref name="variable"/> in every environment.</summary>
    internal ProcessTable(string variable, string root = "/proc")
    {
        _mark = Encoding.UTF8.GetBytes(variable + "=");
        _root = root;
        IsAvailable = Abi.Apple || (!OperatingSystem.IsWindows() && File.Exists($"{root}/self/stat"));
    }

    /// <summary>Whether the system has such a table at all (a Linux without <c>/proc</c> exists).</summary>
    internal bool IsAvailable { get; }

    /// <summary>
    /// Every process alive at some moment of the walk, zombies and the kernel's own left out. The list of numbers is made at once and the
    /// processes are read one after the other, so who ends in between may leave a child that is not in it: the list is made again until
    /// it names nobody new. Whoever needs certainty walks twice all the same.
    /// </summary>
    /// <param name="hunted">
    /// Marks whose bearers get SIGKILL in the moment they are read. One who forks and ends, over and over, is faster than a walk: what is
    /// ended only after it has gone by then, and left a child.
    /// </param>
    /// <exception cref="IOException">The table cannot be listed (no descriptor left).</exception>
    internal List<ProcessEntry> Read(IReadOnlyCollection<string>? hunted = null)
    {
        var found = new List<ProcessEntry>();
        var rounds = MostRounds;
        if (Abi.Apple)
        {
            ReadApple(found);
            return found;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
        try
        {
            var seen = new HashSet<int>();
            for (var fresh = 1; fresh > 0 && rounds > 0; rounds--)
            {
                fresh = 0;
                foreach (var folder in Directory.EnumerateDirectories(_root))
                {
                    if (!int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !seen.Add(id))
                        continue;
                    fresh++;
                    if (ReadStat(id, ref buffer) is not { } entry)
                        continue;
                    entry = entry with { Marks = ReadMarks(id, ref buffer, out var bare), IsBare = bare };
                    found.Add(entry);
                    if (entry.Marks.Length > 0 && hunted is not null && IsHunted(entry, hunted))
                        Signal(entry, Abi.SignalKill);
                }
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

        // The handle is opened first: if the process seen now is the one meant, so is the one behind the handle.
        if (StartOf(entry.Id, _root) != entry.Started)
            return;

        if (handle is null || !ProcessHandle.TrySignal(handle, signal))
            _ = Libc.Kill(entry.Id, signal);
    }

    /// <summary>How long ago a process started, by the clock that its start is told in. Linux only.</summary>
    internal static TimeSpan AgeOf(in ProcessEntry entry)
    {
        const int BootClock = 7, TicksPerSecond = 100;
        var now = stackalloc nint[2];
        return Libc.ClockTime(BootClock, now) == 0
            ? TimeSpan.FromSeconds(now[0]) - TimeSpan.FromSeconds((double)entry.Started / TicksPerSecond)
            : TimeSpan.MaxValue;
    }

    /// <summary>When a living process started, in the unit of <see cref="ProcessEntry.Started"/>; null for a zombie and for none.</summary>
    internal static ulong? StartOf(int id, string root = "/proc")
    {
        if (Abi.Apple)
            return AppleProcesses.Look(id)?.Started;
        var buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
        try
        {
            var length = ReadFile(root, id, "stat", ref buffer, InitialBytes);
            return length <= 0 ? null : ParseStat(id, buffer.AsSpan(0, length))?.Started;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
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
        var resident = 0L;
        for (var field = 3; field <= 24; field++)
        {
            var end = rest.IndexOf((byte)' ');
            var text = end < 0 ? rest : rest[..end];
            var read = field switch
            {
                4 => Utf8Parser.TryParse(text, out parent, out _),
                5 => Utf8Parser.TryParse(text, out group, out _),
                9 => Utf8Parser.TryParse(text, out flags, out _),
                22 => Utf8Parser.TryParse(text, out started, out _),
                24 => text.IsEmpty || Utf8Parser.TryParse(text, out resident, out _),
                _ => true,
            };
            if (!read)
                return null;
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        if ((flags & KernelThread) != 0)
            return null;
        return new ProcessEntry(id, parent, group, started, string.Empty, Resident: resident * Environment.SystemPageSize);
    }

    private static bool IsHunted(in ProcessEntry entry, IReadOnlyCollection<string> hunted)
    {
        foreach (var mark in hunted)
        {
            if (entry.Id != Environment.ProcessId && entry.Marks.Contains(mark, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private void ReadApple(List<ProcessEntry> found)
    {
        foreach (var id in AppleProcesses.All())
        {
            if (AppleProcesses.Look(id) is var (parent, group, started))
                found.Add(new ProcessEntry(id, parent, group, started, AppleProcesses.Variable(id, _mark)));
        }
    }

    private ProcessEntry? ReadStat(int id, ref byte[] buffer)
    {
        var length = ReadFile(_root, id, "stat", ref buffer, InitialBytes);
        return length <= 0 ? null : ParseStat(id, buffer.AsSpan(0, length));
    }

    private string ReadMarks(int id, ref byte[] buffer, out bool bare)
    {
        var length = ReadFile(_root, id, "environ", ref buffer, MaxEnvironmentBytes);
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
    private static int ReadFile(string root, int id, string file, ref byte[] buffer, int most)
    {
        using var opened = Descriptors.TryOpen($"{root}/{id}/{file}", Abi.OpenRead);
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
