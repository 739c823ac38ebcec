namespace Mimir.Supervisor.Families;

/// <summary>One living process as the system shows it. Number and start time together are its identity: the number alone is given out again.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">Its parent's number.</param>
/// <param name="Group">Its process group.</param>
/// <param name="Started">Clock ticks from boot to its start; on macOS microseconds since 1970.</param>
/// <param name="Marks">The marks it carries in its environment; empty when none of ours.</param>
/// <param name="IsBare">True when it shows no environment at all: it was given none, or is in the middle of an exec.</param>
/// <param name="Resident">Bytes of memory that it holds, what it shares with others included; 0 where the system is not asked.</param>
internal readonly record struct ProcessEntry(int Id, int Parent, int Group, ulong Started, string Marks, bool IsBare = false, long Resident = 0);
