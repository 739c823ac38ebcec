using System.Runtime.InteropServices;
using System.Text;

namespace Mimir.Supervisor.Native;

/// <summary>
/// The processes of macOS, which has no <c>/proc</c>: numbers, parents, groups and starts through libproc, environments through
/// <c>sysctl</c>. The system keeps the environments of its own programs and of other users' processes to itself.
/// </summary>
internal static unsafe class AppleProcesses
{
    // struct proc_bsdinfo of sys/proc_info.h, the same on both architectures.
    private const int InfoFlavor = 3, InfoBytes = 136, StatusAt = 4, ParentAt = 16, GroupAt = 100, SecondsAt = 120, MicrosecondsAt = 128;
    private const int Zombie = 5, Kernel = 1, ProcessArguments = 49, MostIds = 1 << 20, MostArgumentBytes = 1 << 20;

    /// <summary>The numbers of all processes.</summary>
    internal static int[] All()
    {
        // More may be born between the question for the size and the answer.
        var room = Math.Clamp(Libc.AppleListIds(null, 0) + 256, 1024, MostIds);
        var ids = new int[room];
        fixed (int* start = ids)
        {
            var count = Libc.AppleListIds(start, room * sizeof(int));
            return count <= 0 ? [] : ids[..Math.Min(count, room)];
        }
    }

    /// <summary>Parent, group and start (microseconds since 1970) of a living process; null for a zombie and for none.</summary>
    internal static (int Parent, int Group, ulong Started)? Look(int id)
    {
        var info = stackalloc byte[InfoBytes];
        if (Libc.AppleInfo(id, InfoFlavor, 0, info, InfoBytes) != InfoBytes || *(uint*)(info + StatusAt) == Zombie)
            return null;
        var started = (*(ulong*)(info + SecondsAt) * 1_000_000) + *(ulong*)(info + MicrosecondsAt);
        return (*(int*)(info + ParentAt), *(int*)(info + GroupAt), started);
    }

    /// <summary>The value of a variable in a process's environment; empty when it has none or the system does not show it.</summary>
    internal static string Variable(int id, ReadOnlySpan<byte> nameAndEquals)
    {
        Span<int> name = [Kernel, ProcessArguments, id];
        nuint length = 0;
        fixed (int* path = name)
        {
            if (Libc.SystemControl(path, 3, null, &length, null, 0) != 0 || length is < sizeof(int) or > MostArgumentBytes)
                return string.Empty;
            var bytes = new byte[length];
            fixed (byte* start = bytes)
            {
                if (Libc.SystemControl(path, 3, start, &length, null, 0) != 0)
                    return string.Empty;
            }

            return Find(bytes.AsSpan(0, (int)Math.Min(length, (nuint)bytes.Length)), nameAndEquals);
        }
    }

    /// <summary>Finds a variable in what the system answers: the number of arguments, the program's path, fill, the arguments, the environment.</summary>
    internal static string Find(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> nameAndEquals)
    {
        if (answer.Length < sizeof(int))
            return string.Empty;
        var skip = MemoryMarshal.Read<int>(answer);
        var rest = answer[sizeof(int)..];
        var path = rest.IndexOf((byte)0);
        if (path < 0)
            return string.Empty;
        rest = rest[path..].TrimStart((byte)0);
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)0);
            var text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (skip > 0)
                skip--;
            else if (text.IsEmpty)
                return string.Empty;
            else if (text.StartsWith(nameAndEquals))
                return Encoding.ASCII.GetString(text[nameAndEquals.Length..]);
        }

        return string.Empty;
    }

    /// <summary>What tells this boot from any other.</summary>
    internal static string BootSession()
    {
        var text = stackalloc byte[64];
        nuint length = 64;
        fixed (byte* name = "kern.bootsessionuuid\0"u8)
            return Libc.SystemControlByName(name, text, &length, null, 0) == 0 ? Marshal.PtrToStringUTF8((nint)text) ?? string.Empty : string.Empty;
    }
}
