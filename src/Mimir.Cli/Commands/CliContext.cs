using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Commands;

/// <summary>What every command is given.</summary>
/// <param name="Console">Its streams.</param>
/// <param name="Environment">What it may know of its process.</param>
/// <param name="Host">Builds routers.</param>
internal sealed record CliContext(CliConsole Console, CliEnvironment Environment, IRouterHost Host)
{
    /// <summary>While a line is completed: the configuration that stands on it, or null.</summary>
    public string? CompletedConfig { get; init; }
}
