using System.Runtime.InteropServices;

namespace Mimir.Supervisor.Native;

/// <summary><c>STARTUPINFOEXW</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct StartupInformation
{
    internal uint Bytes;
    internal nint Reserved, Desktop, Title;
    internal uint X, Y, Width, Height, Columns, Rows, Fill, Flags;
    internal ushort Show, ReservedBytes;
    internal nint ReservedPointer, Input, Output, Error;
    internal byte* Attributes;
}
