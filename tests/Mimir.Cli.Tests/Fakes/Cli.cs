using Mimir.Cli.Commands;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>Runs command lines against a fake host.</summary>
internal sealed class Cli(FakeRun run, TestConsole console)
{
    public FakeHost Host { get; } = new(_ => run);

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public CliContext Context => new(
        console.Console,
        new CliEnvironment
        {
            Variable = name => Variables.GetValueOrDefault(name),
            WorkingDirectory = "/work",
            SelfCommand = ["/opt/mimir/mimir"],
        },
        Host);

    public Task<int> RunAsync(params string[] args) => RunAsync(TestContext.Current.CancellationToken, args);

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] args) =>
        CommandLineRunner.RunAsync(args, Context, cancellationToken);
}
