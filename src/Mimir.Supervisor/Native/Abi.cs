namespace Mimir.Supervisor.Native;

/// <summary>Numbers of the C interface, where Linux (glibc and musl agree) and macOS differ picked at start.</summary>
internal static class Abi
{
    internal static readonly bool Apple = OperatingSystem.IsMacOS();

    internal const short PollIn = 1, PollOut = 4, PollError = 8, PollHangUp = 16, PollInvalid = 32;

    internal const int SetDescriptorFlags = 2, GetStatusFlags = 3, SetStatusFlags = 4, CloseOnExec = 1, SetPipeSize = 1031, GetPipeSize = 1032;
    internal static readonly int DuplicateCloseOnExec = Apple ? 67 : 1030;

    internal const int OpenRead = 0, OpenWrite = 1, OpenReadWrite = 2;
    internal static readonly int OpenNonBlocking = Apple ? 0x4 : 0x800;
    internal static readonly int OpenNoControl = Apple ? 0x20000 : 0x100;
    internal const int OpenPath = 0x200000; // Linux only
    internal static readonly int OpenCloseOnExec = Apple ? 0x1000000 : 0x80000;

    internal const ushort SpawnSetGroup = 0x02, SpawnSetDefaults = 0x04, SpawnSetMask = 0x08;
    internal static readonly ushort SpawnSetSession = (ushort)(Apple ? 0x400 : 0x80);
    internal static readonly ushort SpawnSuspended = (ushort)(Apple ? 0x80 : 0);
    internal static readonly ushort SpawnCloseByDefault = (ushort)(Apple ? 0x4000 : 0);

    internal const int WaitForPid = 1, WaitNoHang = 1, WaitExited = 4;
    internal static readonly int WaitKeep = Apple ? 0x20 : 0x01000000;

    internal static readonly int MessageDontWait = Apple ? 0x80 : 0x40;
    internal static readonly int MessageNoSignal = Apple ? 0 : 0x4000;
    internal static readonly int SocketLevel = Apple ? 0xffff : 1;
    internal static readonly int SocketType = Apple ? 0x1008 : 3;

    internal const int SignalKill = 9, SignalTerminate = 15;
    internal static readonly int SignalChild = Apple ? 20 : 17;
    internal static readonly int SignalContinue = Apple ? 19 : 18;

    internal const int PidFdOpen = 434, PidFdSendSignal = 424, CloseRange = 436, CloseRangeCloseOnExec = 4;
}
