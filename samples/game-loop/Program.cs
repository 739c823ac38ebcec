using System.Globalization;
using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Threads;

// A game without a window: 60 ticks a second on one thread, and an agent that sees and steers it on that same thread.
var world = new World();
var main = new MainThreadQueue();
var dials = args is ["dial", ..];
var port = args is [var given, ..] && !dials ? int.Parse(given, CultureInfo.InvariantCulture) : 3000;
using var host = new McpHost(new McpHostOptions { Name = args is [_, var name, ..] ? name : "Game loop", Port = port, TakesNextFreePort = true, MainThread = main, Log = Console.Error.WriteLine })
    .UseTools(world);
_ = dials ? host.Dial() : host.Start();
using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => (e.Cancel, _) = (true, end.CancelAsync());
while (!end.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(1 / 60.0)))
{
    main.Pump(TimeSpan.FromMilliseconds(2));
    world.Tick(1 / 60.0);
}

internal sealed class World
{
    private double _x, _speed = 1;

    public void Tick(double seconds) => _x += _speed * seconds;

    [McpTool(description: "Where the player is, in metres, and how fast, in metres a second.", IsReadOnly = true)]
    public object Look() => new { X = _x, Speed = _speed };

    [McpTool(description: "Sets the player's speed.")]
    public void SetSpeed([McpToolParam(Minimum = -10, Maximum = 10)] double speed) => _speed = speed;
}
