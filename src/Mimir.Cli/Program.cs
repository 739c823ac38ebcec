using System.Runtime.CompilerServices;
using Mimir.Cli.Commands;
using Mimir.Cli.Composition;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;

namespace Mimir.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["serve", ..])
        {
            Rehearsal.Start();
        }

        using var signals = new StopSignals();
        return ServeLine.TryParse(args, out var request)
            ? Serve(request, signals.Token)
            : RunCommandLine(args, signals.Token);
    }

    // Each way in a method of its own, never inlined: what one needs is not loaded for the other.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Serve(ServeRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return new RouterHost().ServeAsync(request, cancellationToken).GetAwaiter().GetResult();
        }
        catch (CommandFailure failure)
        {
            Console.Error.WriteLine($"mimir: {SafeText.Block(failure.Message)}");
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RunCommandLine(string[] args, CancellationToken cancellationToken)
    {
        var environment = CliEnvironment.ForProcess();
        var context = new CliContext(CliConsole.ForProcess(environment.Variable), environment, new RouterHost());
        return CommandLineRunner.RunAsync(args, context, cancellationToken).GetAwaiter().GetResult();
    }
}
