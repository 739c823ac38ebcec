using System.Net;
using System.Net.Sockets;
using System.Text;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;
using Mimir.Functional.Clients;

namespace Mimir.Faults.Network;

/// <summary>A client of the router that does as it likes: modern requests on sockets of its own.</summary>
internal sealed class Stranger(Scene scene)
{
    private const int StormSize = 60;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks, and is gone before the answer, with a reset or without.</summary>
    public async Task VanishAsync()
    {
        for (var i = 0; i < 6; i++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, scene.Bed.Router.Origin!.Port);
                await socket.SendAsync(Call(delayMs: 3_000, steps: i % 2 * 3));
            }
            catch (SocketException) when (scene.Phase == Matrix.Phase.ShuttingDown)
            {
                return;
            }

            await scene.MomentAsync(40);
            if (i % 3 > 0) socket.LingerState = new LingerOption(true, 0);
        }
    }

    /// <summary>Says that it will say no more, and waits for its answer.</summary>
    public async Task HalfCloseAsync()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Call(delayMs: 20));
        socket.Shutdown(SocketShutdown.Send);

        // A server may take that for the end of the wish for an answer; but something has to come, or the end.
        await ReadAsync(socket, int.MaxValue, untilEnd: true);
    }

    /// <summary>Comes and goes, with and without a word.</summary>
    public async Task StormAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, scene.Settings.Of(1_000, StormSize)).Select(async i =>
        {
            using var socket = await ConnectAsync();
            if (i % 3 == 0) await socket.SendAsync(Encoding.ASCII.GetBytes("POST /mcp HTT"));
            else if (i % 3 == 1) await socket.SendAsync(Call(delayMs: 0));
            if (i % 2 == 0) socket.LingerState = new LingerOption(true, 0);
        }));
    }

    /// <summary>Writes three requests at once and reads three answers.</summary>
    public async Task PipelineAsync()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync((byte[])[.. Call(0), .. Call(30), .. Call(0)]);
        var text = await ReadAsync(socket, 3, untilEnd: false);
        if (text.Split("\"structuredContent\"").Length != 4) scene.Account.Fault(Wrong.Lost, $"three requests in one piece were not answered by three answers: {text}");
    }

    /// <summary>Asks for much, takes a few bytes at a time, and has enough.</summary>
    public async Task ReadSlowlyAsync()
    {
        using var socket = await ConnectAsync();
        socket.ReceiveBufferSize = 4_096;
        await socket.SendAsync(Call(delayMs: 0, fill: 2_000_000));
        var buffer = new byte[64];
        for (var i = 0; i < 50; i++)
        {
            if (await socket.ReceiveAsync(buffer).WaitAsync(s_patience) == 0) return;
            await Task.Delay(4);
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, scene.Bed.Router.Origin!.Port);
        return socket;
    }

    private byte[] Call(int delayMs, int steps = 0, int fill = 0)
    {
        var nonce = scene.Account.Nonce();
        var arguments = $"\"name\":\"{Bed.VictimName}_ledger\",\"arguments\":{{\"nonce\":\"{nonce}\",\"delayMs\":{delayMs},\"progress\":{steps},\"fill\":{fill}}}";
        var more = steps > 0 ? "\"progressToken\":\"t\"" : null;
        var frame = $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{Envelope.Params(arguments, more: more)}}}";
        var headers = string.Concat(ModernHttpClient.Mirror(frame).Where(h => h.Value is not null).Select(h => $"{h.Name}: {h.Value}\r\n"));
        var body = Encoding.UTF8.GetBytes(frame);
        return [.. Encoding.ASCII.GetBytes($"POST /mcp HTTP/1.1\r\nHost: {scene.Bed.Router.Origin!.Authority}\r\nContent-Type: application/json\r\n{headers}Content-Length: {body.Length}\r\n\r\n"), .. body];
    }

    private async Task<string> ReadAsync(Socket socket, int answers, bool untilEnd)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 << 10];
        try
        {
            while (untilEnd || text.ToString().Split("\"structuredContent\"").Length <= answers)
            {
                var count = await socket.ReceiveAsync(buffer).WaitAsync(s_patience);
                if (count == 0) break;
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
                if (untilEnd && text.ToString().Contains("\"structuredContent\"", StringComparison.Ordinal)) break;
            }
        }
        catch (TimeoutException)
        {
            scene.Account.Fault(Wrong.Lost, $"a client on its own socket was told nothing for {s_patience.TotalSeconds:0} s: {text}");
        }
        catch (SocketException)
        {
            // A reset is an end.
        }

        return text.ToString();
    }
}
