using System.Text;
using Mimir.Epoll;

namespace Mimir.Echo;

/// <summary>Answers the methods a client of one era needs to call <c>echo</c> and to list tools. Not thread-safe.</summary>
internal sealed class EchoServer
{
    private readonly bool _modern;
    private readonly byte[] _list;
    private readonly byte[] _greeting;
    private readonly byte[] _callHead;

    /// <summary>Creates one.</summary>
    /// <param name="tools">How many tools it lists: <c>echo</c> and fillers.</param>
    /// <param name="modern">Speaks 2026-07-28 only; otherwise 2025-11-25 only.</param>
    public EchoServer(int tools, bool modern)
    {
        _modern = modern;
        _list = Encoding.UTF8.GetBytes(
            (modern ? "{\"resultType\":\"complete\",\"ttlMs\":60000,\"cacheScope\":\"public\",\"tools\":[" : "{\"tools\":[")
            + string.Join(',', Enumerable.Range(0, tools).Select(Tool)) + "]}");
        _greeting = Encoding.UTF8.GetBytes(modern
            ? "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}},\"ttlMs\":60000,"
                + "\"cacheScope\":\"public\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"echo\",\"version\":\"1\"}}}"
            : "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"echo\",\"version\":\"1\"}}");
        _callHead = Encoding.UTF8.GetBytes((modern ? "{\"resultType\":\"complete\"," : "{") + "\"content\":[{\"type\":\"text\",\"text\":");
    }

    /// <summary>The last message answered was a legacy <c>initialize</c>.</summary>
    public bool OpenedSession { get; private set; }

    /// <summary>Answers one message.</summary>
    /// <param name="message">A JSON-RPC request or notification.</param>
    /// <param name="output">Where the reply is added, without a line end.</param>
    /// <returns>The HTTP status that goes with it; 202 when there is no reply.</returns>
    public int Answer(ReadOnlySpan<byte> message, ByteBuffer output)
    {
        var request = Request.Read(message);
        OpenedSession = !_modern && request.Method == Method.Initialize;
        if (request.Id.IsEmpty)
        {
            return 202;
        }

        output.Add("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        output.Add(request.Id);
        switch (request.Method)
        {
            case Method.Call when request.IsEcho:
                output.Add(",\"result\":"u8);
                output.Add(_callHead);
                output.Add(request.Text.IsEmpty ? "\"\""u8 : request.Text);
                output.Add("}]}}"u8);
                return 200;
            case Method.Call when request.IsFiller:
                output.Add(",\"result\":"u8);
                output.Add(_callHead);
                output.Add("\"ok\"}]}}"u8);
                return 200;
            case Method.Call:
                return Refuse(output, ",\"error\":{\"code\":-32602,\"message\":\"Unknown tool\"}}"u8, 200);
            case Method.List:
                return Result(output, _list);
            case Method.Initialize when !_modern:
            case Method.Discover when _modern:
                return Result(output, _greeting);
            case Method.Initialize:
                return Refuse(output, ",\"error\":{\"code\":-32022,\"message\":\"Unsupported protocol version\",\"data\":{\"supported\":[\"2026-07-28\"],\"requested\":\"\"}}}"u8, 400);
            case Method.Ping when !_modern:
                return Result(output, "{}"u8);
            default:
                return Refuse(output, ",\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}"u8, _modern ? 404 : 400);
        }
    }

    private static int Result(ByteBuffer output, ReadOnlySpan<byte> result)
    {
        output.Add(",\"result\":"u8);
        output.Add(result);
        output.Add("}"u8);
        return 200;
    }

    private static int Refuse(ByteBuffer output, ReadOnlySpan<byte> error, int status)
    {
        output.Add(error);
        return status;
    }

    // About as long as a tool is in the wild: 390 bytes.
    private static string Tool(int number) => number == 0
        ? "{\"name\":\"echo\",\"description\":\"Answers with the text it was given.\",\"inputSchema\":{\"type\":\"object\",\"properties\":"
            + "{\"text\":{\"type\":\"string\"}},\"required\":[\"text\"]}}"
        : $"{{\"name\":\"filler_{number:0000}\",\"description\":\"Number {number} of the tools that are there to be listed. It takes a path, a limit "
            + "and a flag, looks at none of them, and answers ok.\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\","
            + "\"description\":\"Where to look\"},\"limit\":{\"type\":\"integer\",\"minimum\":0},\"deep\":{\"type\":\"boolean\"}},\"required\":[\"path\"]},"
            + "\"annotations\":{\"readOnlyHint\":true}}";
}
