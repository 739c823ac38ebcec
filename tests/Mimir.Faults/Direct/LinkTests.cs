using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mimir.Faults.Network;

namespace Mimir.Faults.Direct;

/// <summary>The network breaks as it is told. Without this the faults that the router is put through might not be any.</summary>
public sealed class LinkTests : IAsyncLifetime
{
    private const string Greeting = "0123456789";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private Link _link = null!;

    public ValueTask InitializeAsync()
    {
        _server.Start();
        _link = new Link(1, ((IPEndPoint)_server.LocalEndpoint).Port);
        _ = ServeAsync();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Wire_FairWeather_PassesAll() => Assert.Equal((Greeting, "end"), await AskAsync("hello"));

    [Theory]
    [InlineData("Reset", 0, "reset")]
    [InlineData("Reset", 4, "reset")]
    [InlineData("Limit", 4, "end")]
    [InlineData("SlowClose", 9, "end")]
    public async Task Arm_AByteOfTheAnswer_NotOneMorePasses(string kind, int at, string end)
    {
        var cut = _link.Arm("nonce", at, Enum.Parse<CutKind>(kind));

        var (text, how) = await AskAsync("a nonce in it");

        Assert.Equal(end, how);

        // A reset takes back what was not read yet.
        if (end == "end") Assert.Equal(Greeting[..at], text);
        else Assert.StartsWith(text, Greeting[..at], StringComparison.Ordinal);
        await cut.Made.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Arm_AnotherRequest_IsNotCut()
    {
        _link.Arm("nonce", 4, CutKind.Reset);

        Assert.Equal((Greeting, "end"), await AskAsync("hello"));
    }

    [Fact]
    public async Task Arm_BlackHole_StaysOpenAndSilent()
    {
        var cut = _link.Arm("nonce", 4, CutKind.BlackHole);
        using var client = await ConnectAsync();
        await client.SendAsync("nonce"u8.ToArray());
        await cut.Made.WaitAsync(s_patience);
        var text = new StringBuilder();
        var buffer = new byte[64];
        while (text.Length < 4) text.Append(Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer).WaitAsync(s_patience)));
        Assert.Equal(Greeting[..4], text.ToString());

        var more = client.ReceiveAsync(buffer);
        _link.CutAll(CutKind.Reset);

        Assert.True((await Assert.ThrowsAsync<SocketException>(() => more.WaitAsync(s_patience))).SocketErrorCode == SocketError.ConnectionReset);
    }

    [Fact]
    public async Task Weather_LatencyAndSlices_ArrivesLateAndWhole()
    {
        _link.Weather = new Weather { LatencyMs = 300, SliceBytes = 1 };
        var begun = Stopwatch.GetTimestamp();

        Assert.Equal((Greeting, "end"), await AskAsync("hello"));
        Assert.True(Stopwatch.GetElapsedTime(begun) >= TimeSpan.FromMilliseconds(280), $"{Stopwatch.GetElapsedTime(begun)}");
    }

    [Fact]
    public async Task HoldUp_UntilItIsOver_NothingPasses()
    {
        var held = _link.HoldUp();
        var answer = AskAsync("hello");
        Assert.NotEqual(answer, await Task.WhenAny(answer, Task.Delay(100)));

        held.SetResult();

        Assert.Equal((Greeting, "end"), await answer);
    }

    [Fact]
    public async Task Answer_WholeRequests_AreAnsweredInTheServersPlace()
    {
        _link.Answer = r => r.Body == "{}" ? Canned.Raw("canned", CutKind.Limit) : null;

        Assert.Equal(("canned", "end"), await AskAsync("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"));
        Assert.Equal((Greeting, "end"), await AskAsync("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]"));
    }

    [Fact]
    public async Task Down_UntilItIsUp_Refuses()
    {
        await _link.DownAsync();
        await Assert.ThrowsAsync<SocketException>(() => AskAsync("hello"));

        _link.Up();

        Assert.Equal((Greeting, "end"), await AskAsync("hello"));
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await GreetAsync(await _server.AcceptSocketAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task GreetAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                if (await socket.ReceiveAsync(new byte[1024]) == 0) return;
                await socket.SendAsync(Encoding.ASCII.GetBytes(Greeting));
                socket.Shutdown(SocketShutdown.Send);
                while (await socket.ReceiveAsync(new byte[1024]) > 0)
                {
                }
            }
            catch (SocketException)
            {
                // That is what the link is for.
            }
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _link.Port);
        return client;
    }

    private async Task<(string Text, string End)> AskAsync(string words)
    {
        using var client = await ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes(words));
        var text = new StringBuilder();
        var buffer = new byte[64];
        try
        {
            while (await client.ReceiveAsync(buffer).WaitAsync(s_patience) is > 0 and var count) text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            return (text.ToString(), "end");
        }
        catch (SocketException)
        {
            return (text.ToString(), "reset");
        }
    }
}
