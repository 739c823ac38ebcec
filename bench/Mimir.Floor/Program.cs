namespace Mimir.Floor;

/// <summary>
/// What no router can go below: relays that find and replace the id of each message and do nothing else, and the bare processes
/// that start-up and lists are compared with. Not a router: one upstream, no sessions, no limits, no policies, JSON replies only.
/// </summary>
internal static class Program
{
    private const string Usage =
        """
        usage: mimir-floor http-http PORT URL            Kestrel in front, SocketsHttpHandler behind
               mimir-floor http-stdio PORT COMMAND ...   Kestrel in front, one child's pipes behind
               mimir-floor stdio-stdio COMMAND ...       pipes on both sides, a thread for each direction
               mimir-floor pipelines COMMAND ...         the same on System.IO.Pipelines
               mimir-floor static PORT FILE              Kestrel that answers every POST with a file's bytes
               mimir-floor bare-http PORT                Kestrel that answers initialize
               mimir-floor bare-stdio                    a process that answers initialize on stdout
        """;

    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["http-http", var port, var url] when TryPort(port, out var number):
                using (var relay = new HttpToHttp(new Uri(url)))
                {
                    await Front.RunAsync(number, relay.RelayAsync);
                }

                return 0;
            case ["http-stdio", var port, var command, .. var rest] when TryPort(port, out var number):
                using (var relay = new HttpToStdio(Child.Start(command, rest)))
                {
                    await Front.RunAsync(number, relay.RelayAsync);
                }

                return 0;
            case ["stdio-stdio", var command, .. var rest]:
                StdioToStdio.Run(Child.Start(command, rest));
                return 0;
            case ["pipelines", var command, .. var rest]:
                await PipelinesRelay.RunAsync(Child.Start(command, rest));
                return 0;
            case ["static", var port, var file] when TryPort(port, out var number):
                await Front.RunAsync(number, new StaticReply(await File.ReadAllBytesAsync(file)).AnswerAsync);
                return 0;
            case ["bare-http", var port] when TryPort(port, out var number):
                await Front.RunAsync(number, Greeting.AnswerAsync);
                return 0;
            case ["bare-stdio"]:
                Greeting.AnswerLines();
                return 0;
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    private static bool TryPort(string text, out ushort port) => ushort.TryParse(text, out port);
}
