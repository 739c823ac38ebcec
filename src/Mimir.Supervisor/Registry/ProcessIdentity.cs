namespace Mimir.Supervisor.Registry;

/// <summary>Which process is meant. Its number alone is given out again; together with its start and the boot it happened in it is not.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Started">When it started, in a unit that only equality is asked of: clock ticks since boot on Linux, elsewhere a clock's.</param>
/// <param name="World">The boot and, on Linux, the namespace of process numbers: two worlds number their processes independently.</param>
internal sealed record ProcessIdentity(int Id, ulong Started, string World);
