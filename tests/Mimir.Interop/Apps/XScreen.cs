using System.Drawing;
using System.Globalization;
using System.Runtime.InteropServices;
using Mimir.Peers;

namespace Mimir.Interop.Apps;

/// <summary>A screen without a monitor: Xvfb, on a display that nobody has.</summary>
internal sealed class XScreen : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly PeerProcess _xvfb;
    private readonly DirectoryInfo _folder;

    private XScreen(PeerProcess xvfb, DirectoryInfo folder) => (_xvfb, _folder) = (xvfb, folder);

    /// <summary>What <c>$DISPLAY</c> is to be.</summary>
    public string Display { get; private set; } = "";

    /// <summary>Why there can be no window here; null when there can.</summary>
    public static string? Obstacle =>
        !OperatingSystem.IsLinux() ? "Xvfb is one of Linux"
        : !IsOnPath("Xvfb") ? "Xvfb is missing; on Debian and its kin: sudo apt-get install -y xvfb"
        : !NativeLibrary.TryLoad("libSDL2-2.0.so.0", out _) ? "SDL2 is missing; on Debian and its kin: sudo apt-get install -y libsdl2-2.0-0"
        : null;

    public static async Task<XScreen> StartAsync(int width, int height)
    {
        var folder = Directory.CreateTempSubdirectory("mimir-screen-");
        var screen = new XScreen(PeerProcess.Start("Xvfb", ["-displayfd", "1", "-screen", "0", $"{width}x{height}x24", "-fbdir", folder.FullName, "-nolisten", "tcp"]), folder);
        try
        {
            screen.Display = ":" + await screen._xvfb.LineAsync("", Limit);
            return screen;
        }
        catch
        {
            await screen.DisposeAsync();
            throw;
        }
    }

    public Picture Look() => Picture.Read(Path.Combine(_folder.FullName, "Xvfb_screen0"));

    /// <summary>Waits until nearly all of a square has a colour, and fails when it never has.</summary>
    public async Task SeeAsync(string what, Point middle, int size, Color color)
    {
        const double NearlyAll = 0.9;
        using var late = new CancellationTokenSource(Limit);
        for (var share = Look().Share(middle, size, color); share < NearlyAll; share = Look().Share(middle, size, color))
        {
            Assert.False(late.IsCancellationRequested, string.Create(CultureInfo.InvariantCulture, $"{what}: {share:P0} of {size} x {size} pixels around {middle} are {color}"));
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _xvfb.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static bool IsOnPath(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, command)));
}
