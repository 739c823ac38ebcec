namespace Mimir.Cli.Tests.Fakes;

/// <summary>A folder of configuration with real files, and commands that are given it.</summary>
internal sealed class Folder : IDisposable
{
    public Folder(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
        {
            Write(name, text);
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("mimir-cli-").FullName;

    public FakeHost Host { get; } = new(_ => new FakeRun());

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Read(string name) => File.ReadAllText(At(name));

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>All files in it but locks, relative, in order.</summary>
    public string[] Files => [.. Directory.GetFiles(Path, "*", SearchOption.AllDirectories)
        .Select(f => System.IO.Path.GetRelativePath(Path, f)).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Runs a command line on it.</summary>
    public Task<(int Code, string Out, string Error)> RunAsync(params string[] args) => RunAsync(new TestConsole(), args);

    /// <inheritdoc cref="RunAsync(string[])"/>
    public async Task<(int Code, string Out, string Error)> RunAsync(TestConsole console, params string[] args)
    {
        var context = new Mimir.Cli.Commands.CliContext(
            console.Console,
            new Mimir.Cli.Hosting.CliEnvironment { Variable = _ => null, WorkingDirectory = "/here", SelfCommand = ["/opt/mimir/mimir"] },
            Host);
        var code = await Mimir.Cli.Commands.CommandLineRunner.RunAsync(["--config", Path, .. args], context, TestContext.Current.CancellationToken);
        return (code, console.Out, console.Error);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
