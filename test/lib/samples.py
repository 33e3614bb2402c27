"""Small pictures, films and sounds, made when they are needed by the program that the server uses too."""
import io
import struct
import subprocess
import wave


def film(*options, seconds=1):
    """An MP4 of moving stripes, made by the program that the server uses too."""
    done = subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc=size=160x120:rate=10:duration={seconds}", *options,
                           "-c:v", "mpeg4", "-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "-"], capture_output=True, check=True)
    return done.stdout


def sound(seconds=1):
    out = io.BytesIO()
    with wave.open(out, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(8000)
        w.writeframes(b"".join(struct.pack("<h", (i * 997) % 20000 - 10000) for i in range(8000 * seconds)))
    return out.getvalue()


def picture(kind, frames=1):
    done = subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc=size=64x48:rate=10:duration={frames / 10}",
                           "-frames:v", str(frames), "-c:v", {"png": "png", "gif": "gif"}[kind], "-f", {"png": "image2pipe", "gif": "gif"}[kind],
                           "-"], capture_output=True, check=True)
    return done.stdout
