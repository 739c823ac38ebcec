using System.Numerics;

namespace Orrery.Screen;

/// <summary>A window, and what is drawn in it. Used on one thread, which on macOS has to be the first.</summary>
internal sealed class Window : IDisposable
{
    private readonly nint _window;
    private readonly nint _renderer;
    private bool _isClosed;

    /// <summary>Opens it.</summary>
    /// <exception cref="ScreenException">SDL2 is not there, or there is no screen.</exception>
    public Window(string title, int width, int height)
    {
        Sdl.Load();

        // Signals end the loop: it has handlers of its own for them.
        _ = Sdl.SetHint("SDL_NO_SIGNAL_HANDLERS", "1");
        Size = new Vector2(width, height);
        if (Sdl.Init(Sdl.Video) != 0) throw NoScreen(Sdl.Error);
        if (Sdl.Driver is "offscreen" or "dummy" && Environment.GetEnvironmentVariable("SDL_VIDEODRIVER") is null) throw NoScreen("there is no screen");
        _window = Sdl.CreateWindow(title, Sdl.Centred, Sdl.Centred, width, height, 0);
        _renderer = _window == 0 ? 0 : Sdl.CreateRenderer(_window, -1, 0);
        if (_renderer == 0) throw NoScreen(Sdl.Error);
        _ = Sdl.SetBlendMode(_renderer, Sdl.Blend);
    }

    /// <summary>Its size in pixels.</summary>
    public Vector2 Size { get; }

    /// <summary>Takes what has happened to it since the last time.</summary>
    /// <returns>False once somebody has closed it.</returns>
    public bool IsStillOpen()
    {
        while (Sdl.PollEvent(out var happened) != 0) _isClosed |= happened.Kind == Sdl.Quit;
        return !_isClosed;
    }

    public void Clear(Sdl.Ink ink)
    {
        Take(ink);
        _ = Sdl.Clear(_renderer);
    }

    public void Fill(Vector2 corner, float size, Sdl.Ink ink)
    {
        Take(ink);
        _ = Sdl.FillRectangle(_renderer, new Sdl.Rectangle(corner.X, corner.Y, size, size));
    }

    public unsafe void Fill(ReadOnlySpan<Sdl.Vertex> triangles)
    {
        fixed (Sdl.Vertex* first = triangles) _ = Sdl.DrawTriangles(_renderer, 0, first, triangles.Length, 0, 0);
    }

    public unsafe void Line(ReadOnlySpan<Vector2> points, Sdl.Ink ink)
    {
        Take(ink);
        fixed (Vector2* first = points) _ = Sdl.DrawLines(_renderer, first, points.Length);
    }

    /// <summary>Shows what was drawn since the last time.</summary>
    public void Present() => Sdl.Present(_renderer);

    public void Dispose()
    {
        Sdl.DestroyRenderer(_renderer);
        Sdl.DestroyWindow(_window);
        Sdl.End();
    }

    private static ScreenException NoScreen(string cause) =>
        new($"No window could be opened: {cause}.\nWhere there is no screen, there is Xvfb: sudo apt-get install -y xvfb xauth && xvfb-run -a dotnet run --project samples/orrery");

    private void Take(Sdl.Ink ink) => _ = Sdl.SetColor(_renderer, ink.R, ink.G, ink.B, ink.A);
}
