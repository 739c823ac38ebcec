namespace Mimir.Router.Model;

/// <summary>What a child process and what comes of it may use; null where nothing is said. How each is measured differs between systems: see the guide.</summary>
/// <param name="Memory">Bytes.</param>
/// <param name="Processes">Processes and threads.</param>
/// <param name="OpenFiles">Open file descriptors of each process.</param>
public sealed record ProcessLimits(long? Memory = null, int? Processes = null, int? OpenFiles = null)
{
    /// <summary>No limits.</summary>
    public static ProcessLimits None { get; } = new();
}
