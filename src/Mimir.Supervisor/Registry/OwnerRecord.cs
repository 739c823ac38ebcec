namespace Mimir.Supervisor.Registry;

/// <summary>Whose a folder of the registry is: the file <c>owner.json</c>.</summary>
/// <param name="Process">The running Mimir.</param>
/// <param name="Since">When it made the folder, in milliseconds since 1970 UTC: to tell the newest.</param>
internal sealed record OwnerRecord(ProcessIdentity Process, long Since);
