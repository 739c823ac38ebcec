using System.Runtime.InteropServices;

namespace Orrery.Screen;

/// <summary>Where SDL2 is: <c>$SDL2_LIBRARY</c> if that is set, else by the names and places that it has on each system.</summary>
internal static class SdlLibrary
{
    private const string Variable = "SDL2_LIBRARY";

    private const string Newest = "SDL_RenderGeometry";

    private static readonly string[] s_names =
        OperatingSystem.IsWindows() ? ["SDL2.dll"]
        : OperatingSystem.IsMacOS() ?
        [
            "libSDL2-2.0.0.dylib", "/opt/homebrew/lib/libSDL2-2.0.0.dylib", "/usr/local/lib/libSDL2-2.0.0.dylib", "/Library/Frameworks/SDL2.framework/SDL2",
        ]
        : ["libSDL2-2.0.so.0", "libSDL2.so"];

    private static readonly string s_remedy =
        OperatingSystem.IsWindows() ? "Put SDL2.dll beside Orrery.exe; it is in SDL2-VERSION-win32-x64.zip at https://github.com/libsdl-org/SDL/releases"
        : OperatingSystem.IsMacOS() ? "This installs it: brew install sdl2"
        : "On Debian and its kin this installs it: sudo apt-get install -y libsdl2-2.0-0";

    /// <summary>Finds it.</summary>
    /// <exception cref="ScreenException">It is not there.</exception>
    public static nint Load()
    {
        var wanted = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? [given] : s_names;
        foreach (var name in wanted)
        {
            if (!NativeLibrary.TryLoad(name, typeof(SdlLibrary).Assembly, null, out var library)) continue;
            return NativeLibrary.TryGetExport(library, Newest, out _) ? library : throw new ScreenException($"{name} has no {Newest}: it is older than SDL 2.0.18, which is needed.\n{s_remedy}");
        }

        throw new ScreenException($"SDL2, which opens the window, is not there: looked for {string.Join(", ", wanted)}.\n{s_remedy}\nWhere it is elsewhere, {Variable} says where.");
    }
}
