using System.Runtime.InteropServices;

namespace Mimir.Supervisor.Native;

/// <summary><c>JOBOBJECT_EXTENDED_LIMIT_INFORMATION</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct JobLimits
{
    internal long ProcessTime, JobTime;
    internal uint Flags;
    internal nuint LeastWorkingSet, MostWorkingSet;
    internal uint ActiveProcesses;
    internal nuint Affinity;
    internal uint Priority, Scheduling;
    internal fixed ulong Counters[6];
    internal nuint ProcessMemory, JobMemory, PeakProcessMemory, PeakJobMemory;
}
