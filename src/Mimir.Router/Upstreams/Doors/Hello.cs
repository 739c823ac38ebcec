using System.Net.Sockets;
using System.Text.Json;

namespace Mimir.Router.Upstreams.Doors;

/// <summary>
/// The first line of an app that comes: <c>{"mimir":"app","version":1,"name":"My Game"}</c>. It is answered with <c>taken</c> on a line of its own
/// when the connection is used; from there on it is a line of MCP messages as on stdio, the app being the server.
/// </summary>
internal static class Hello
{
    /// <summary>What says that a connection is used.</summary>
    public static ReadOnlySpan<byte> Taken => "taken\n"u8;

    private const int MostBytes = 1024, MostName = 128;

    /// <summary>Reads it, and no byte more.</summary>
    /// <param name="socket">Who came.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What the app calls itself; null when that is no such line.</returns>
    public static async Task<string?> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var line = new byte[MostBytes];
        for (var length = 0; length < line.Length; length++)
        {
            if (await socket.ReceiveAsync(line.AsMemory(length, 1), SocketFlags.None, cancellationToken).ConfigureAwait(false) == 0)
            {
                return null;
            }

            if (line[length] == '\n')
            {
                return NameOf(line.AsMemory(0, length));
            }
        }

        return null;
    }

    private static string? NameOf(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("mimir", out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals("app"u8)
                && root.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 and <= MostName } text
                ? text
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
