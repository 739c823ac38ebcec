using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Launching;

namespace Mimir.Supervisor.Systems;

/// <summary>A child to be made.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Plan">What to run.</param>
/// <param name="Limits">What it may use.</param>
/// <param name="Mark">What it and what comes of it carry in their environments.</param>
/// <param name="Folder">This Mimir's own folder; null when it has none.</param>
/// <param name="Exited">Completes when the child itself has exited.</param>
/// <param name="Made">Told of its number before anybody else knows of it.</param>
/// <param name="Enter">Enters its number into the registry, before it runs.</param>
internal sealed record ChildOrder(
    string Server, LaunchPlan Plan, ProcessLimits Limits, string Mark, string? Folder, Task<ChildExit> Exited, Action<int> Made, Action<int> Enter);
