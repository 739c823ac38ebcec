using System.Runtime.InteropServices;

namespace Mimir.Interop.Apps;

/// <summary>The windows of a screen, as a window manager has them.</summary>
internal static partial class XWindows
{
    private const string Library = "libX11.so.6";
    private const int ClientMessage = 33;
    private const int BitsOfALong = 32;

    /// <summary>Asks the windows of a title to close, as the cross in a frame does.</summary>
    /// <returns>How many were asked.</returns>
    public static int Close(string display, string title)
    {
        var connection = Open(display);
        Assert.NotEqual(0, connection);
        try
        {
            Assert.NotEqual(0, Children(connection, RootOf(connection), out _, out _, out var windows, out var count));
            var asked = 0;
            for (var i = 0; i < count; i++)
            {
                var window = Marshal.ReadIntPtr(windows, i * nint.Size);
                if (NameOf(connection, window, out var name) == 0 || Marshal.PtrToStringUTF8(name) != title) continue;
                var message = new Message { Kind = ClientMessage, Window = window, Type = Atom(connection, "WM_PROTOCOLS", 0), Format = BitsOfALong, First = Atom(connection, "WM_DELETE_WINDOW", 0) };
                Assert.NotEqual(0, Send(connection, window, 0, 0, ref message));
                asked++;
            }

            return asked;
        }
        finally
        {
            _ = Close(connection);
        }
    }

    [LibraryImport(Library, EntryPoint = "XOpenDisplay", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string display);

    [LibraryImport(Library, EntryPoint = "XCloseDisplay")]
    private static partial int Close(nint display);

    [LibraryImport(Library, EntryPoint = "XDefaultRootWindow")]
    private static partial nint RootOf(nint display);

    [LibraryImport(Library, EntryPoint = "XInternAtom", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Atom(nint display, string name, int onlyIfThere);

    [LibraryImport(Library, EntryPoint = "XQueryTree")]
    private static partial int Children(nint display, nint window, out nint root, out nint parent, out nint children, out uint count);

    [LibraryImport(Library, EntryPoint = "XFetchName")]
    private static partial int NameOf(nint display, nint window, out nint name);

    [LibraryImport(Library, EntryPoint = "XSendEvent")]
    private static partial int Send(nint display, nint window, int propagate, nint mask, ref Message message);

    /// <summary>XClientMessageEvent, as large as any XEvent.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 192)]
    private struct Message
    {
        public int Kind;
        public nuint Serial;
        public int IsSent;
        public nint Display;
        public nint Window;
        public nint Type;
        public int Format;
        public nint First;
        public nint Second;
    }
}
