using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mimir.Supervisor.Native;

/// <summary>
/// A job object of Windows: whoever is in it stays in it, with all that comes of him, and ends when its last handle is closed. Nobody
/// else has a handle, so that is also when this process is killed.
/// </summary>
internal sealed unsafe class Job : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int MostIds = 1 << 20;

    /// <summary>For the marshaller; use <see cref="Create"/>.</summary>
    public Job()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Makes one with nobody in it.</summary>
    /// <param name="memory">Most bytes that all in it may have committed; null for any.</param>
    /// <param name="processes">Most processes in it; null for any.</param>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    internal static Job Create(long? memory, int? processes)
    {
        var job = Kernel32.CreateJob(0, 0);
        if (job.IsInvalid)
            throw new SystemCallException("CreateJobObject", Errno.Last);
        var limits = new JobLimits { Flags = Kernel32.LimitKillOnClose };
        if (memory is { } bytes)
            (limits.Flags, limits.JobMemory) = (limits.Flags | Kernel32.LimitJobMemory, (nuint)bytes);
        if (processes is { } count)
            (limits.Flags, limits.ActiveProcesses) = (limits.Flags | Kernel32.LimitActiveProcesses, (uint)count);
        if (Kernel32.SetJob(job, Kernel32.ExtendedLimits, &limits, (uint)sizeof(JobLimits)) != 0)
            return job;
        var failure = new SystemCallException("SetInformationJobObject", Errno.Last);
        job.Dispose();
        throw failure;
    }

    /// <summary>How many processes are alive in it.</summary>
    /// <exception cref="SystemCallException">The system does not tell.</exception>
    internal int CountAlive()
    {
        JobAccounting accounting;
        return Kernel32.QueryJob(this, Kernel32.Accounting, &accounting, (uint)sizeof(JobAccounting), null) != 0
            ? (int)accounting.ActiveProcesses
            : throw new SystemCallException("QueryInformationJobObject", Errno.Last);
    }

    /// <summary>The numbers of the processes in it.</summary>
    /// <exception cref="SystemCallException">The system does not tell.</exception>
    internal int[] ProcessIds()
    {
        // Two counts of 32 bits, how many there are and how many follow, then the numbers, a word each.
        for (var room = 64; room <= MostIds; room *= 4)
        {
            var list = new nuint[room + (8 / sizeof(nuint))];
            fixed (nuint* start = list)
            {
                if (Kernel32.QueryJob(this, Kernel32.ProcessIdList, start, (uint)(list.Length * sizeof(nuint)), null) == 0)
                {
                    if (Errno.Last == Kernel32.MoreData)
                        continue;
                    throw new SystemCallException("QueryInformationJobObject", Errno.Last);
                }

                var ids = new int[Math.Min(room, ((int*)start)[1])];
                for (var i = 0; i < ids.Length; i++)
                    ids[i] = (int)((nuint*)((byte*)start + 8))[i];
                return ids;
            }
        }

        throw new SystemCallException("QueryInformationJobObject", Kernel32.MoreData);
    }

    /// <summary>Ends everybody in it at one stroke.</summary>
    internal void Terminate(uint exitCode)
    {
        if (!IsClosed)
            _ = Kernel32.TerminateJob(this, exitCode);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Kernel32.CloseHandle(handle) != 0;
}
