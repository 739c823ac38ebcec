namespace Mimir.Bench;

/// <summary>Sets up what is measured side by side in one topology, each with an upstream of its own.</summary>
internal static class TargetFactory
{
    /// <summary>What there is to compare in a topology.</summary>
    public static Kind[] KindsOf(Topology topology) =>
        topology == Topology.StdioToStdio ? [Kind.Direct, Kind.Floor, Kind.Pipelines, Kind.Mimir] : [Kind.Direct, Kind.Floor, Kind.Mimir];

    /// <summary>Starts and greets one target.</summary>
    /// <param name="workshop">Starts processes.</param>
    /// <param name="topology">Who speaks what.</param>
    /// <param name="kind">What stands in between.</param>
    /// <param name="environment">For the process in between.</param>
    /// <exception cref="BenchException">It does not start or answer.</exception>
    public static Target Create(Workshop workshop, Topology topology, Kind kind, params (string, string)[] environment) => topology switch
    {
        Topology.HttpToHttp => HttpToHttp(workshop, kind, environment),
        Topology.HttpToStdio => HttpToStdio(workshop, kind, environment),
        _ => StdioToStdio(workshop, kind, environment),
    };

    /// <summary>Starts an echo server that speaks HTTP.</summary>
    public static (Launched Process, int Port) StartHttpEcho(Workshop workshop)
    {
        var port = Workshop.FreePort();
        var echo = workshop.Start("echo", workshop.Echo, ["http", $"{port}", .. workshop.EchoArguments()[1..]], speaksOnStdout: false);
        workshop.Greet(echo, port, isUpstream: true).Dispose();
        return (echo, port);
    }

    private static Target HttpToHttp(Workshop workshop, Kind kind, (string, string)[] environment)
    {
        var (echo, upstream) = StartHttpEcho(workshop);
        if (kind == Kind.Direct)
        {
            return new Target(kind, workshop.Greet(echo, upstream), null, "echo");
        }

        var url = new Uri($"http://127.0.0.1:{upstream}/mcp");
        var port = Workshop.FreePort();
        return kind == Kind.Floor
            ? Http(workshop, kind, workshop.Start("floor", workshop.Floor, ["http-http", $"{port}", $"{url}"], false, environment), port)
            : Http(workshop, kind, StartRouter(workshop, port, workshop.Configure(1, 1, url), environment), port);
    }

    private static Target HttpToStdio(Workshop workshop, Kind kind, (string, string)[] environment)
    {
        var port = Workshop.FreePort();
        return kind switch
        {
            Kind.Direct => StdioToStdio(workshop, kind, environment),
            Kind.Floor => Http(
                workshop,
                kind,
                workshop.Start("floor", workshop.Floor, ["http-stdio", $"{port}", workshop.Echo, .. workshop.EchoArguments()], false, environment),
                port),
            _ => Http(workshop, kind, StartRouter(workshop, port, workshop.Configure(1, 1), environment), port),
        };
    }

    private static Target StdioToStdio(Workshop workshop, Kind kind, (string, string)[] environment)
    {
        var process = kind switch
        {
            Kind.Direct => workshop.Start("echo", workshop.Echo, workshop.EchoArguments(), true),
            Kind.Floor or Kind.Pipelines => workshop.Start(
                "floor",
                workshop.Floor,
                [kind == Kind.Floor ? "stdio-stdio" : "pipelines", workshop.Echo, .. workshop.EchoArguments()],
                true,
                environment),
            _ => workshop.Start("mimir", workshop.Router, ["serve", "--config", workshop.Configure(1, 1)], true, environment),
        };
        return new Target(kind, workshop.Greet(process), kind == Kind.Direct ? null : process, ToolOf(kind));
    }

    /// <summary>Starts the router as a daemon.</summary>
    public static Launched StartRouter(Workshop workshop, int port, string configuration, params (string, string)[] environment) => workshop.Start(
        "mimir", workshop.Router, ["serve", "--http", $"127.0.0.1:{port}", "--config", configuration], speaksOnStdout: false, environment);

    private static Target Http(Workshop workshop, Kind kind, Launched process, int port) =>
        new(kind, workshop.Greet(process, port), process, ToolOf(kind));

    private static string ToolOf(Kind kind) => kind == Kind.Mimir ? "s0_echo" : "echo";
}
