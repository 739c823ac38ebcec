using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir up</c>: serves HTTP in the foreground and tells how to connect.</summary>
internal sealed class UpCommand : Command
{
    private readonly Option<ListenAddress?> _http = CommonOptions.Http(
        $"Where to listen: {ListenAddress.Forms}. Default: {ListenAddress.Default}, or the next free port; with a backends file $MCP_HOST and $MCP_PORT.");

    public UpCommand(CliContext context)
        : base("up", "Serve all configured servers on one HTTP endpoint and show how to connect. With nothing configured, serve a demo.")
    {
        Add(_http);
        SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var address = parsed.GetValue(_http);
        var request = new RunRequest
        {
            Config = parsed.GetValue(CommonOptions.Config),
            Http = address ?? ListenAddress.Default,
            // Who names a port has told it to clients already, and is better served by an error than by another port.
            HttpMayMove = address is null,
        };

        try
        {
            var run = await context.Host.StartAsync(request, cancellationToken).ConfigureAwait(false);
            await using (run.ConfigureAwait(false))
            {
                var config = IsNamed(request, context.Environment) ? run.ConfigPath : null;
                var snippets = ClientSnippets.Create(run.Endpoint!, context.Environment, config);
                var view = new UpView(context.Console);
                view.ShowEndpoint(run, snippets);
                var starting = run.WaitUntilSettledAsync(cancellationToken);
                await foreach (var server in run.WatchServersAsync(cancellationToken).ConfigureAwait(false))
                {
                    view.ShowServer(server);
                }

                await starting.ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop: for a server that is a success.
        }

        return ExitCodes.Success;
    }

    // A program started from a desktop has none of the shell's variables: what they said must stand in its command.
    private static bool IsNamed(RunRequest request, CliEnvironment environment) =>
        request.Config is not null
        || !string.IsNullOrEmpty(environment.Variable("MIMIR_CONFIG"))
        || !string.IsNullOrEmpty(environment.Variable("MCP_BACKENDS_CONFIG"))
        || !string.IsNullOrEmpty(environment.Variable("XDG_CONFIG_HOME"));
}
