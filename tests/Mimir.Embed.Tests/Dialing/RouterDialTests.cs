using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Mimir.Embed.Announcing;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Dialing;

/// <summary>A host that goes to routers instead of listening.</summary>
public sealed class RouterDialTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly string _path = Path.Combine(Directory.CreateDirectory(Path.Combine(OwnState.Folder, "mimir", "doors")).FullName, $"{Guid.NewGuid():N}"[..8] + ".sock");
    private readonly string _name = $"dialing {Guid.NewGuid()}";
    private Socket _door;

    public RouterDialTests() => _door = Open();

    public void Dispose()
    {
        _door.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public async Task Dial_ADoor_IsOfferedOneConnectionAndAnotherWhenThatIsUsed()
    {
        await using var host = NewHost().Dial();

        using var first = await ComeAsync();
        using var none = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _door.AcceptAsync(none.Token));

        await using var client = await TakeAsync(first);
        Assert.Equal("hello", (await client.CallToolAsync("greet")).Content.OfType<TextContentBlock>().Single().Text);
        using var second = await ComeAsync();
        await using var other = await TakeAsync(second);
        Assert.Single(await other.ListToolsAsync());
        Assert.Single(await client.ListToolsAsync());
    }

    [Fact]
    public async Task Dial_RouterThatGoesAndComesBack_IsOfferedAConnectionAgain()
    {
        await using var host = NewHost().Dial();
        using (await ComeAsync())
        {
            Dispose();
        }

        _door = Open();
        using var again = await ComeAsync();
        await using var client = await TakeAsync(again);
        Assert.Single(await client.ListToolsAsync());
    }

    [Fact]
    public async Task Stop_WithConnectionsUsedAndOffered_EndsThemAndTakesTheAnnouncementBack()
    {
        var host = NewHost().Dial();
        string[] Found() => [.. Directory.GetFiles(HostFolder.ForUser()!).Select(File.ReadAllText).Where(t => t.Contains(_name, StringComparison.Ordinal))];
        var said = JsonElement.Parse(Assert.Single(Found()));
        Assert.True(said.GetProperty("dials").GetBoolean());
        Assert.False(said.TryGetProperty("url", out _));
        using var used = await ComeAsync();
        await using var client = await TakeAsync(used);
        using var offered = await ComeAsync();

        await host.StopAsync().WaitAsync(s_patience);

        Assert.Equal(0, await offered.ReceiveAsync(new byte[1]).WaitAsync(s_patience));
        Assert.Empty(Found());
        Assert.Throws<InvalidOperationException>(() => host.Dial());
    }

    /// <summary>While calls that run are given their time, no router begins to use what is about to go; those calls are answered.</summary>
    [Fact]
    public async Task Stop_WhileACallRuns_TakesBackWhatIsOfferedFirst()
    {
        var (host, begun, free) = NewStayingHost();
        host.Dial();
        using var used = await ComeAsync();
        await using var client = await TakeAsync(used);
        using var offered = await ComeAsync();
        var call = client.CallToolAsync("stay").AsTask();
        await begun.Task.WaitAsync(s_patience);

        var stopping = host.StopAsync();
        Assert.Equal(0, await offered.ReceiveAsync(new byte[1]).WaitAsync(s_patience));
        free.TrySetResult();

        Assert.Equal("done", (await call.WaitAsync(s_patience)).Content.OfType<TextContentBlock>().Single().Text);
        await stopping.WaitAsync(s_patience);
    }

    /// <summary>A tool that does not heed its cancellation holds nobody up who stops the host, as over HTTP.</summary>
    [Fact]
    public async Task Stop_WithACallThatDoesNotEnd_EndsAllTheSame()
    {
        var (host, begun, free) = NewStayingHost();
        host.Dial();
        using var used = await ComeAsync();
        await using var client = await TakeAsync(used);
        var call = client.CallToolAsync("stay").AsTask();
        await begun.Task.WaitAsync(s_patience);

        await host.StopAsync().WaitAsync(s_patience);

        free.TrySetResult();
        await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(s_patience));
    }

    [Fact]
    public async Task Dial_HostThatListens_IsRefused()
    {
        await using var host = new McpHost(new McpHostOptions { Port = 0 }).Start();
        Assert.Contains("listens already", Assert.Throws<InvalidOperationException>(() => host.Dial()).Message, StringComparison.Ordinal);
        await using var hidden = new McpHost(new McpHostOptions { IsAnnounced = false });
        Assert.Contains("IsAnnounced", Assert.Throws<InvalidOperationException>(() => hidden.Dial()).Message, StringComparison.Ordinal);
        await using var other = NewHost().Dial();
        Assert.Contains("goes to the routers already", Assert.Throws<InvalidOperationException>(() => other.Start()).Message, StringComparison.Ordinal);
    }

    private McpHost NewHost()
    {
        var host = new McpHost(new McpHostOptions { Name = _name });
        host.Tools.Add("greet", "Greets.", static () => "hello");
        return host;
    }

    /// <summary>A host with a tool <c>stay</c> that says when it has begun, and ends when it is let go.</summary>
    private (McpHost Host, TaskCompletionSource Begun, TaskCompletionSource Free) NewStayingHost()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = NewHost();
        host.Tools.Add("stay", "Stays.", async () =>
        {
            begun.TrySetResult();
            await free.Task;
            return "done";
        });
        return (host, begun, free);
    }

    private Socket Open()
    {
        var door = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        door.Bind(new UnixDomainSocketEndPoint(_path));
        door.Listen();
        return door;
    }

    /// <summary>Waits for a connection of this host; hosts of other tests may come as well.</summary>
    private async Task<Socket> ComeAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            var socket = await _door.AcceptAsync(limit.Token);
            var line = new StringBuilder();
            var one = new byte[1];
            while (await socket.ReceiveAsync(one.AsMemory(), SocketFlags.None, limit.Token) == 1 && one[0] != '\n') line.Append((char)one[0]);
            var hello = JsonElement.Parse(line.ToString());
            Assert.Equal(("app", 1), (hello.GetProperty("mimir").GetString(), hello.GetProperty("version").GetInt32()));
            if (hello.GetProperty("name").GetString() == _name) return socket;
            socket.Dispose();
        }
    }

    private static async Task<McpClient> TakeAsync(Socket socket)
    {
        await socket.SendAsync("taken\n"u8.ToArray());
        var stream = new NetworkStream(socket);
        return await McpClient.CreateAsync(new StreamClientTransport(stream, stream));
    }
}
