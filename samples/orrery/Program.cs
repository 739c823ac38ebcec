using System.Globalization;
using System.Runtime.InteropServices;
using Mimir.Embed.Hosting;
using Mimir.Embed.Scene;
using Mimir.Embed.Scene.Toolsets;
using Mimir.Embed.Threads;
using Orrery;
using Orrery.Screen;
using Orrery.Shown;
using Orrery.Sky;

// A small sky in a window, 60 frames a second, and an agent that sees and steers it on the thread of the loop.
// usage: Orrery [PORT [NAME]]: where it listens, any port that is free if nothing is said, for Mimir finds it; and what it calls itself.
try
{
    var port = args is not [var given, ..] ? 0
        : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read
        : throw new ArgumentException($"The first word is the port to listen on, and '{given}' is none.");
    using var end = new CancellationTokenSource();
    using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
    using var window = new Window("Orrery", 960, 640);
    var painter = new Painter(window, pixelsPerUnit: 40);
    var sky = new SolarSystem();

    // What makes the app one that agents can use: a queue that the loop pumps, frames for transitions, what is shown, and a host.
    var main = new MainThreadQueue();
    var frames = new FrameClock();
    using var host = new McpHost(new McpHostOptions
    {
        Name = args is [_, var name, ..] ? name : "Orrery",
        Instructions = "A sky of 24 by 16 units around (0, 0): x to the right, y up, z towards you. Bodies move with what they are in. rotation_z turns them.",
        Port = port,
        MainThread = main,
        Log = Console.Error.WriteLine,
    }).UseScene(new ShownSky(sky, frames)).UseDefaultToolSet().Start();
    Console.Error.WriteLine($"Agents reach this sky at {host.Endpoint}. Close the window or press Ctrl+C to end.");

    var pace = new Pace(framesPerSecond: 60, end.Token.WaitHandle);
    while (window.IsStillOpen() && !end.IsCancellationRequested)
    {
        main.Pump(TimeSpan.FromMilliseconds(2));
        var seconds = pace.Next();
        frames.Tick(seconds);
        sky.Advance(seconds);
        painter.Paint(sky);
    }

    return 0;

    void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        end.Cancel();
    }
}
catch (Exception e) when (e is ScreenException or ArgumentException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
