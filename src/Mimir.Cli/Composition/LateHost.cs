using Mimir.Router.Model;
using Mimir.Router.Upstreams;

namespace Mimir.Cli.Composition;

/// <summary>Starts processes through whoever does so at the time.</summary>
/// <param name="now">Who does so now.</param>
internal sealed class LateHost(Func<IProcessHost> now) : IProcessHost
{
    /// <inheritdoc/>
    public ValueTask<IChildProcess> StartAsync(string name, StdioModel model, CancellationToken cancellationToken) => now().StartAsync(name, model, cancellationToken);
}
