namespace Mimir.Echo;

/// <summary>An MCP server that does next to no work, so that what is measured in front of it is not it.</summary>
internal static class Program
{
    private const string Usage = "usage: mimir-echo (stdio | http PORT) [--tools N] [--era legacy|modern]";

    private static int Main(string[] arguments)
    {
        var tools = 1;
        var modern = false;
        var plain = new List<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--tools" when i + 1 < arguments.Length && int.TryParse(arguments[++i], out tools) && tools is > 0 and <= 100_000:
                    break;
                case "--era" when i + 1 < arguments.Length && arguments[i + 1] is "legacy" or "modern":
                    modern = arguments[++i] == "modern";
                    break;
                default:
                    plain.Add(arguments[i]);
                    break;
            }
        }

        var server = new EchoServer(tools, modern);
        switch (plain)
        {
            case ["stdio"]:
                StdioLoop.Run(server);
                return 0;
            case ["http", var text] when ushort.TryParse(text, out var port):
                HttpLoop.Run(server, port);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }
}
