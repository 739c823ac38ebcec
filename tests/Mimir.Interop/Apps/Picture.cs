using System.Buffers.Binary;
using System.Drawing;

namespace Mimir.Interop.Apps;

/// <summary>What a screen shows at a moment: the file that Xvfb keeps, an X window dump of 32 bits a pixel.</summary>
internal sealed class Picture
{
    private const int DumpVersion = 7;
    private const int BytesPerPixel = 4;
    private const int BytesPerColormapEntry = 12;

    private readonly byte[] _bytes;
    private readonly int _pixels;
    private readonly int _bytesPerLine;

    private Picture(byte[] bytes)
    {
        _bytes = bytes;
        Assert.Equal(DumpVersion, Word(1));
        Assert.Equal(BytesPerPixel * 8, Word(11));
        Assert.Equal((0xFF0000, 0xFF00, 0xFF), (Word(14), Word(15), Word(16)));
        (Width, Height, _bytesPerLine) = (Word(4), Word(5), Word(12));
        _pixels = Word(0) + (Word(19) * BytesPerColormapEntry);
    }

    public int Width { get; }

    public int Height { get; }

    public static Picture Read(string file)
    {
        using var screen = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[screen.Length];
        screen.ReadExactly(bytes);
        return new Picture(bytes);
    }

    /// <summary>How much of a square has a colour, from 0 to 1. What lies outside has none.</summary>
    public double Share(Point middle, int size, Color color)
    {
        var found = 0;
        for (var y = middle.Y - (size / 2); y < middle.Y - (size / 2) + size; y++)
        {
            for (var x = middle.X - (size / 2); x < middle.X - (size / 2) + size; x++)
            {
                if (x >= 0 && x < Width && y >= 0 && y < Height && At(x, y) == color.ToArgb()) found++;
            }
        }

        return found / (double)(size * size);
    }

    // The pixels are in the order of the machine, the header never is.
    private int At(int x, int y) => BitConverter.ToInt32(_bytes, _pixels + (y * _bytesPerLine) + (x * BytesPerPixel)) | (0xFF << 24);

    private int Word(int index) => BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(index * sizeof(int)));
}
