using System.Net.Sockets;

namespace Mimir.Router.Upstreams.Doors;

/// <summary>A line over a connected socket.</summary>
internal sealed class SocketLine : IByteLine
{
    private readonly Socket _socket;
    private volatile bool _isInterrupted;

    /// <param name="socket">Connected; it is the line's from here on.</param>
    public SocketLine(Socket socket)
    {
        _socket = socket;
        _socket.Blocking = false;
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        try
        {
            while (!_isInterrupted)
            {
                var read = _socket.Receive(buffer, SocketFlags.None, out var error);
                if (error != SocketError.WouldBlock)
                {
                    return error == SocketError.Success ? read : 0;
                }

                _socket.Poll(-1, SelectMode.SelectRead);
            }

            return 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var written = _socket.Send(bytes, SocketFlags.None, out var error);
            return error switch
            {
                SocketError.Success => written,
                SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable => 0,
                _ => throw new IOException($"The other side has gone ({error})."),
            };
        }
        catch (ObjectDisposedException e)
        {
            throw new IOException("The line is closed.", e);
        }
    }

    /// <inheritdoc/>
    public void WaitWritable(TimeSpan timeout)
    {
        try
        {
            _socket.Poll(timeout, SelectMode.SelectWrite);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The next attempt to write says so.
        }
    }

    /// <inheritdoc/>
    public void CloseWrite() => Shut(SocketShutdown.Send);

    /// <inheritdoc/>
    public void Interrupt()
    {
        _isInterrupted = true;
        Shut(SocketShutdown.Both);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Shut(SocketShutdown how)
    {
        try
        {
            _socket.Shutdown(how);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed as it is.
        }
    }
}
