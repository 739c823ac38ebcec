using System.Runtime.InteropServices;

namespace Orrery.Screen;

/// <summary>What is used of SDL 2.0.18 and later, by the names that SDL gives it.</summary>
internal static unsafe partial class Sdl
{
    public const uint Video = 0x20;
    public const uint Quit = 0x100;
    public const int Centred = 0x2FFF0000;
    public const int Blend = 1;
    private const string Library = "SDL2";

    public static string Error => Marshal.PtrToStringUTF8(GetError()) ?? "";

    /// <summary>What windows are opened with: <c>x11</c>, <c>wayland</c>, <c>windows</c>, <c>cocoa</c>.</summary>
    public static string Driver => Marshal.PtrToStringUTF8(GetCurrentVideoDriver()) ?? "";

    /// <summary>Finds SDL; once, before anything else is called.</summary>
    /// <exception cref="ScreenException">It is not there, or too old.</exception>
    public static void Load()
    {
        var library = SdlLibrary.Load();
        NativeLibrary.SetDllImportResolver(typeof(Sdl).Assembly, (name, _, _) => name == Library ? library : 0);
    }

    [LibraryImport(Library, EntryPoint = "SDL_SetHint", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetHint(string name, string value);

    [LibraryImport(Library, EntryPoint = "SDL_Init")]
    public static partial int Init(uint flags);

    [LibraryImport(Library, EntryPoint = "SDL_Quit")]
    public static partial void End();

    [LibraryImport(Library, EntryPoint = "SDL_CreateWindow", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint CreateWindow(string title, int x, int y, int width, int height, uint flags);

    [LibraryImport(Library, EntryPoint = "SDL_DestroyWindow")]
    public static partial void DestroyWindow(nint window);

    [LibraryImport(Library, EntryPoint = "SDL_CreateRenderer")]
    public static partial nint CreateRenderer(nint window, int index, uint flags);

    [LibraryImport(Library, EntryPoint = "SDL_DestroyRenderer")]
    public static partial void DestroyRenderer(nint renderer);

    [LibraryImport(Library, EntryPoint = "SDL_PollEvent")]
    public static partial int PollEvent(out Event happened);

    [LibraryImport(Library, EntryPoint = "SDL_SetRenderDrawBlendMode")]
    public static partial int SetBlendMode(nint renderer, int mode);

    [LibraryImport(Library, EntryPoint = "SDL_SetRenderDrawColor")]
    public static partial int SetColor(nint renderer, byte r, byte g, byte b, byte a);

    [LibraryImport(Library, EntryPoint = "SDL_RenderClear")]
    public static partial int Clear(nint renderer);

    [LibraryImport(Library, EntryPoint = "SDL_RenderFillRectF")]
    public static partial int FillRectangle(nint renderer, in Rectangle rectangle);

    [LibraryImport(Library, EntryPoint = "SDL_RenderDrawLinesF")]
    public static partial int DrawLines(nint renderer, System.Numerics.Vector2* points, int count);

    [LibraryImport(Library, EntryPoint = "SDL_RenderGeometry")]
    public static partial int DrawTriangles(nint renderer, nint texture, Vertex* vertices, int count, nint indices, int indexCount);

    [LibraryImport(Library, EntryPoint = "SDL_RenderPresent")]
    public static partial void Present(nint renderer);

    [LibraryImport(Library, EntryPoint = "SDL_GetError")]
    private static partial nint GetError();

    [LibraryImport(Library, EntryPoint = "SDL_GetCurrentVideoDriver")]
    private static partial nint GetCurrentVideoDriver();

    /// <summary>SDL_Event, of which the kind is read; the rest is as large as SDL writes it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct Event
    {
        [FieldOffset(0)]
        public uint Kind;
    }

    /// <summary>SDL_FRect.</summary>
    public readonly record struct Rectangle(float X, float Y, float Width, float Height);

    /// <summary>SDL_Color.</summary>
    public readonly record struct Ink(byte R, byte G, byte B, byte A);

    /// <summary>SDL_Vertex.</summary>
    public readonly record struct Vertex(System.Numerics.Vector2 Place, Ink Ink, System.Numerics.Vector2 OfTexture = default);
}
