using System.Runtime.InteropServices;

namespace Mimir.Supervisor.Native;

/// <summary><c>PROCESS_MEMORY_COUNTERS</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MemoryCounters
{
    internal uint Bytes, Faults;
    internal nuint PeakResident, Resident, PeakPaged, Paged, PeakNonPaged, NonPaged, PageFile, PeakPageFile;
}
