namespace Mimir.Supervisor.Registry;

/// <summary>One child of a running Mimir: a file under <c>children</c>, whose name is the child's mark.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Id">Its number; 0 while it is being made.</param>
/// <param name="Started">When it started, as in <see cref="ProcessIdentity"/>; 0 while it is being made.</param>
internal sealed record ChildRecord(string Server, int Id, ulong Started);
