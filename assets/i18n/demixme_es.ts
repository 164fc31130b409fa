<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About DemixME</source>
        <extracomment>What the program is made with, and under which licence each is.</extracomment>
        <translation>Acerca de DemixME</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>Copiar diagnóstico</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>DemixME is free software under the GNU General Public License, version 3 or later. It comes without any warranty. Songs never leave this computer.</source>
        <translation>DemixME es software libre bajo la Licencia Pública General GNU, versión 3 o posterior. Se ofrece sin ninguna garantía. Las canciones nunca salen de este ordenador.</translation>
    </message>
    <message>
        <source>Every licence text</source>
        <translation>Todos los textos de licencias</translation>
    </message>
    <message>
        <source>for research use only</source>
        <translation>solo para uso en investigación</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Copiado</translation>
    </message>
</context>
<context>
    <name>Balance</name>
    <message>
        <source>centre</source>
        <translation>centro</translation>
    </message>
    <message>
        <source>L</source>
        <translation>I</translation>
    </message>
    <message>
        <source>R</source>
        <translation>D</translation>
    </message>
</context>
<context>
    <name>Bridge</name>
    <message>
        <source>Open another…</source>
        <translation>Abrir otra…</translation>
    </message>
    <message>
        <source>The file held {n} broken samples; they are silent now.</source>
        <translation>El archivo tenía {n} muestras dañadas; ahora están en silencio.</translation>
    </message>
    <message>
        <source>Choose another output…</source>
        <translation>Elegir otra salida…</translation>
    </message>
    <message>
        <source>There were drop-outs: the sound buffer is {n} ms now.</source>
        <translation>Hubo cortes: el búfer de sonido es ahora de {n} ms.</translation>
    </message>
    <message>
        <source>Something broke inside ({where}). The log file says more.</source>
        <translation>Algo falló por dentro ({where}). El archivo de registro dice más.</translation>
    </message>
</context>
<context>
    <name>Channel</name>
    <message>
        <source>{part} volume</source>
        <translation>Volumen de {part}</translation>
    </message>
    <message>
        <source>{part} volume in decibels</source>
        <translation>Volumen de {part} en decibelios</translation>
    </message>
</context>
<context>
    <name>ChannelStrip</name>
    <message>
        <source>{part} balance</source>
        <translation>Balance de {part}</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Mudo</translation>
    </message>
    <message>
        <source>Solo</source>
        <translation>Solo</translation>
    </message>
    <message>
        <source>Mute {part}</source>
        <translation>Silenciar {part}</translation>
    </message>
    <message>
        <source>Solo {part}</source>
        <translation>Solo de {part}</translation>
    </message>
    <message>
        <source>Hear {part} with the other soloed parts; Ctrl+click: only it</source>
        <translation>Oír {part} con las otras partes en solo; Ctrl+clic: únicamente esta</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Keep this mix</source>
        <translation>Guardar esta mezcla</translation>
    </message>
    <message>
        <source>My mix {n}</source>
        <translation>Mi mezcla {n}</translation>
    </message>
    <message>
        <source>No song is open</source>
        <translation>No hay ninguna canción abierta</translation>
    </message>
    <message>
        <source>loop {first} to {last}</source>
        <translation>bucle de {first} a {last}</translation>
    </message>
    <message>
        <source>Waiting for the parts of this place</source>
        <translation>Esperando las partes de este lugar</translation>
    </message>
    <message>
        <source>The volume is at zero</source>
        <translation>El volumen está a cero</translation>
    </message>
    <message>
        <source>Turn up</source>
        <translation>Subir</translation>
    </message>
    <message>
        <source>Master is at −∞</source>
        <translation>Máster está en −∞</translation>
    </message>
    <message>
        <source>Set to 0 dB</source>
        <translation>Poner a 0 dB</translation>
    </message>
    <message>
        <source>All parts are muted</source>
        <translation>Todas las partes están en silencio</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>Quitar silencio</translation>
    </message>
    <message>
        <source>{part} is soloed but muted</source>
        <translation>{part} está en solo, pero en silencio</translation>
    </message>
    <message>
        <source>{part} is at −∞</source>
        <translation>{part} está en −∞</translation>
    </message>
</context>
<context>
    <name>DragOut</name>
    <message>
        <source>Copied: paste it into a folder or a program.</source>
        <translation>Copiado: pégalo en una carpeta o en un programa.</translation>
    </message>
</context>
<context>
    <name>DropTarget</name>
    <message>
        <source>It plays at once, and its parts come apart while it plays.</source>
        <translation>Suena al instante, y sus partes se separan mientras suena.</translation>
    </message>
</context>
<context>
    <name>DropVeil</name>
    <message>
        <source>Play now</source>
        <translation>Reproducir ahora</translation>
    </message>
    <message>
        <source>Add to the queue</source>
        <translation>Añadir a la cola</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>No song</source>
        <translation>Sin canción</translation>
    </message>
    <message>
        <source>Drop a song here</source>
        <translation>Suelta una canción aquí</translation>
    </message>
    <message>
        <source>Open a song…</source>
        <translation>Abrir una canción…</translation>
    </message>
    <message>
        <source>Try the demo song</source>
        <translation>Probar la canción de demostración</translation>
    </message>
</context>
<context>
    <name>ErrorBar</name>
    <message>
        <source>Close this message</source>
        <translation>Cerrar este mensaje</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progreso</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Reemplazar</translation>
    </message>
    <message>
        <source>There already: {names}. Replace, or choose another name?</source>
        <translation>Ya existe: {names}. ¿Reemplazar o elegir otro nombre?</translation>
    </message>
    <message>
        <source>{percent} %, {speed}× as fast as it plays, {left} left</source>
        <translation>{percent} %, {speed}× más rápido de lo que suena, faltan {left}</translation>
    </message>
    <message>
        <source>Cancelled; nothing was written.</source>
        <translation>Cancelado; no se escribió nada.</translation>
    </message>
    <message>
        <source>Exported {n} parts to “{name}”.</source>
        <translation>Se exportaron {n} partes a «{name}».</translation>
    </message>
    <message>
        <source>Exported “{name}”.</source>
        <translation>Se exportó «{name}».</translation>
    </message>
    <message>
        <source>Exported “{name}”: {loudness} LUFS, true peak {peak} dBTP.</source>
        <translation>Se exportó «{name}»: {loudness} LUFS, pico real {peak} dBTP.</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Mostrar en la carpeta</translation>
    </message>
    <message>
        <source>An export is under way. Close all the same?</source>
        <translation>Hay una exportación en curso. ¿Cerrar de todos modos?</translation>
    </message>
    <message>
        <source>What is written so far would be thrown away.</source>
        <translation>Lo escrito hasta ahora se desecharía.</translation>
    </message>
    <message>
        <source>Stop it and close</source>
        <translation>Detenerla y cerrar</translation>
    </message>
    <message>
        <source>Go on exporting</source>
        <translation>Seguir exportando</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source>What</source>
        <translation>Qué</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Archivo</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Elegir…</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Formato</translation>
    </message>
    <message>
        <source>Piece</source>
        <translation>Fragmento</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Nivel</translation>
    </message>
    <message>
        <source>As in my mix</source>
        <translation>Como en mi mezcla</translation>
    </message>
    <message>
        <source>With faders, mutes, balance and master</source>
        <translation>Con faders, silencios, balance y máster</translation>
    </message>
    <message>
        <source>The mix as I hear it</source>
        <translation>La mezcla como la oigo</translation>
    </message>
    <message>
        <source>Parts, a file each</source>
        <translation>Partes, un archivo cada una</translation>
    </message>
    <message>
        <source>Song and parts in one file (.stem.mp4)</source>
        <translation>Canción y partes en un archivo (.stem.mp4)</translation>
    </message>
    <message>
        <source>WAV, as the song</source>
        <translation>WAV, como la canción</translation>
    </message>
    <message>
        <source>WAV, 16 bit</source>
        <translation>WAV, 16 bits</translation>
    </message>
    <message>
        <source>WAV, 24 bit</source>
        <translation>WAV, 24 bits</translation>
    </message>
    <message>
        <source>WAV, 32 bit float</source>
        <translation>WAV, 32 bits en coma flotante</translation>
    </message>
    <message>
        <source>FLAC, 16 bit</source>
        <translation>FLAC, 16 bits</translation>
    </message>
    <message>
        <source>FLAC, 24 bit</source>
        <translation>FLAC, 24 bits</translation>
    </message>
    <message>
        <source>The whole song</source>
        <translation>Toda la canción</translation>
    </message>
    <message>
        <source>As I hear it</source>
        <translation>Como lo oigo</translation>
    </message>
    <message>
        <source>Normalise to −1 dBTP</source>
        <translation>Normalizar a −1 dBTP</translation>
    </message>
    <message>
        <source>Limit to −1 dBTP</source>
        <translation>Limitar a −1 dBTP</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Partes</translation>
    </message>
    <message>
        <source>The loop, {ends}</source>
        <translation>El bucle, {ends}</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>{kind} cannot hold {rate} Hz: it will be {to} Hz.</source>
        <translation>{kind} no admite {rate} Hz: será de {to} Hz.</translation>
    </message>
    <message>
        <source>The level is set before {kind} codes it, which moves peaks a little.</source>
        <translation>El nivel se ajusta antes de que {kind} codifique, lo que mueve un poco los picos.</translation>
    </message>
    <message>
        <source>The untouched song and four parts as AAC at {rate} Hz</source>
        <translation>La canción intacta y cuatro partes como AAC a {rate} Hz</translation>
    </message>
    <message>
        <source>{joined} in “{into}”</source>
        <translation>{joined} en «{into}»</translation>
    </message>
    <message>
        <source>{n} of them silent</source>
        <translation>{n} de ellas en silencio</translation>
    </message>
    <message>
        <source>no {parts}</source>
        <translation>sin {parts}</translation>
    </message>
    <message>
        <source>remix</source>
        <translation>remezcla</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Open…</source>
        <translation>Abrir…</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Play queue: song {n} of {count}</source>
        <translation>Cola: canción {n} de {count}</translation>
    </message>
    <message>
        <source>Model: {name}</source>
        <translation>Modelo: {name}</translation>
    </message>
</context>
<context>
    <name>HelpDialog</name>
    <message>
        <source>Manual and shortcuts</source>
        <translation>Manual y atajos</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Atajos</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Manual</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
</context>
<context>
    <name>LoopCommands</name>
    <message>
        <source>Keep this loop</source>
        <translation>Guardar este bucle</translation>
    </message>
    <message>
        <source>Loop {n}</source>
        <translation>Bucle {n}</translation>
    </message>
</context>
<context>
    <name>LoopMenu</name>
    <message>
        <source>How often</source>
        <translation>Cuántas veces</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Olvidar</translation>
    </message>
    <message>
        <source>{n} times</source>
        <translation>{n} veces</translation>
    </message>
    <message>
        <source>For ever</source>
        <translation>Sin fin</translation>
    </message>
</context>
<context>
    <name>Manual</name>
    <message>
        <source>Manual</source>
        <translation>Manual</translation>
    </message>
</context>
<context>
    <name>Master</name>
    <message>
        <source>Master</source>
        <translation>Máster</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>Preajustes</translation>
    </message>
    <message>
        <source>Reset mix</source>
        <translation>A cero</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportar…</translation>
    </message>
    <message>
        <source>Preset {name}</source>
        <translation>Preajuste {name}</translation>
    </message>
</context>
<context>
    <name>Memory</name>
    <message>
        <source>Start fresh</source>
        <translation>Empezar de nuevo</translation>
    </message>
    <message>
        <source>Continued at {time}</source>
        <translation>Continuada en {time}</translation>
    </message>
    <message>
        <source>loop {first} to {last}</source>
        <translation>bucle de {first} a {last}</translation>
    </message>
    <message>
        <source>This song was here before: {what}</source>
        <translation>Esta canción ya estuvo aquí: {what}</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>Recuperarlo</translation>
    </message>
    <message>
        <source>Saved “{file}”.</source>
        <translation>Se guardó «{file}».</translation>
    </message>
    <message>
        <source>“{file}” is another song than the session&apos;s: it was not applied.</source>
        <translation>«{file}» no es la canción de la sesión: no se aplicó.</translation>
    </message>
    <message>
        <source>“{file}” is another encoding of the session&apos;s song.</source>
        <translation>«{file}» es otra codificación de la canción de la sesión.</translation>
    </message>
    <message>
        <source>Apply the session</source>
        <translation>Aplicar la sesión</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>Output</source>
        <translation>Salida</translation>
    </message>
    <message>
        <source>Recent songs</source>
        <translation>Canciones recientes</translation>
    </message>
    <message>
        <source>{title} (research use)</source>
        <translation>{title} (para investigación)</translation>
    </message>
    <message>
        <source>No model found</source>
        <translation>No se encontró ningún modelo</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>La del sistema</translation>
    </message>
    <message>
        <source>Buffer {n} ms, latency {latency} ms</source>
        <translation>Búfer de {n} ms, latencia de {latency} ms</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Guardar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>Whole song</source>
        <translation>Toda la canción</translation>
    </message>
</context>
<context>
    <name>PresetMenu</name>
    <message>
        <source>Forget</source>
        <translation>Olvidar</translation>
    </message>
    <message>
        <source>Keep this mix…</source>
        <translation>Guardar esta mezcla…</translation>
    </message>
</context>
<context>
    <name>QueueMenu</name>
    <message>
        <source>Play queue</source>
        <translation>Cola de reproducción</translation>
    </message>
    <message>
        <source>Stop between songs</source>
        <translation>Parar entre canciones</translation>
    </message>
    <message>
        <source>Keep this mix for the next song</source>
        <translation>Mantener esta mezcla para la próxima canción</translation>
    </message>
    <message>
        <source>Add songs…</source>
        <translation>Añadir canciones…</translation>
    </message>
    <message>
        <source>Clear the queue</source>
        <translation>Vaciar la cola</translation>
    </message>
    <message>
        <source>Add songs</source>
        <translation>Añadir canciones</translation>
    </message>
</context>
<context>
    <name>SessionCommands</name>
    <message>
        <source>Save the session</source>
        <translation>Guardar la sesión</translation>
    </message>
    <message>
        <source>Where is “{name}”?</source>
        <translation>¿Dónde está «{name}»?</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Salida</translation>
    </message>
    <message>
        <source>Sound buffer</source>
        <translation>Búfer de sonido</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Where a part is not separated yet</source>
        <translation>Donde una parte aún no está separada</translation>
    </message>
    <message>
        <source>Memory for separated parts</source>
        <translation>Memoria para partes separadas</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aspecto</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Forget this song</source>
        <translation>Olvidar esta canción</translation>
    </message>
    <message>
        <source>Forget all songs</source>
        <translation>Olvidar todas</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>takes effect at the next start</source>
        <translation>tiene efecto en el próximo inicio</translation>
    </message>
    <message>
        <source>{n} ms</source>
        <translation>{n} ms</translation>
    </message>
    <message>
        <source>Wait for it</source>
        <translation>Esperarla</translation>
    </message>
    <message>
        <source>Silence until it is there</source>
        <translation>Silencio hasta que esté</translation>
    </message>
    <message>
        <source>{n} MB</source>
        <translation>{n} MB</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>La del sistema</translation>
    </message>
    <message>
        <source>No output is open.</source>
        <translation>No hay ninguna salida abierta.</translation>
    </message>
    <message>
        <source>Now {rate} kHz, buffer {buffer} ms, latency {latency} ms</source>
        <translation>Ahora {rate} kHz, búfer de {buffer} ms, latencia de {latency} ms</translation>
    </message>
    <message numerus="yes">
        <source>%n song(s) are remembered with mix and place.</source>
        <translation>
            <numerusform>%n canción se recuerda con mezcla y lugar.</numerusform>
            <numerusform>%n canciones se recuerdan con mezcla y lugar.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShortcutPage</name>
    <message>
        <source>New key</source>
        <translation>Tecla nueva</translation>
    </message>
    <message>
        <source>Use this key</source>
        <translation>Usar esta tecla</translation>
    </message>
    <message>
        <source>Use it too</source>
        <translation>Usarla también</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Sin tecla</translation>
    </message>
    <message>
        <source>All as they were</source>
        <translation>Todas como antes</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>Acciones y sus teclas</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>Qué hace</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Teclas</translation>
    </message>
    <message>
        <source>“{action}” works while its key is held; it cannot be another.</source>
        <translation>«{action}» funciona mientras se mantiene su tecla; no puede ser otra.</translation>
    </message>
    <message>
        <source>“{other}” has this key now and would lose it to “{action}”.</source>
        <translation>«{other}» tiene ahora esta tecla y la perdería en favor de «{action}».</translation>
    </message>
    <message>
        <source>The key is free for “{action}”.</source>
        <translation>La tecla está libre para «{action}».</translation>
    </message>
    <message>
        <source>Type a key into the box to use it for “{action}”.</source>
        <translation>Pulsa una tecla en la casilla para usarla en «{action}».</translation>
    </message>
</context>
<context>
    <name>SlimBar</name>
    <message>
        <source>Scroll the strips</source>
        <translation>Desplazar los canales</translation>
    </message>
</context>
<context>
    <name>SpectrumView</name>
    <message>
        <source>Spectrum</source>
        <translation>Espectro</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>Suma</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>separating {n} %</source>
        <translation>separando {n} %</translation>
    </message>
</context>
<context>
    <name>TransportBar</name>
    <message>
        <source>Transport</source>
        <translation>Transporte</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Bucle</translation>
    </message>
    <message>
        <source>Loop tools</source>
        <translation>Herramientas de bucle</translation>
    </message>
    <message>
        <source>Loop tools, named loops</source>
        <translation>Herramientas de bucle, bucles con nombre</translation>
    </message>
    <message>
        <source>A/B original</source>
        <translation>A/B original</translation>
    </message>
    <message>
        <source>Monitoring volume</source>
        <translation>Volumen de escucha</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausa</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Reproducir</translation>
    </message>
    <message>
        <source>Volume on</source>
        <translation>Activar volumen</translation>
    </message>
    <message>
        <source>Volume off</source>
        <translation>Desactivar volumen</translation>
    </message>
    <message>
        <source>Loop {first} – {last}</source>
        <translation>Bucle {first} – {last}</translation>
    </message>
    <message>
        <source> · {n} of {times}</source>
        <translation> · {n} de {times}</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Salida</translation>
    </message>
</context>
<context>
    <name>Volume</name>
    <message>
        <source>{n} percent</source>
        <translation>{n} por ciento</translation>
    </message>
</context>
<context>
    <name>Waveform</name>
    <message>
        <source>Waveform</source>
        <translation>Forma de onda</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>{title} is open, {length} long</source>
        <translation>{title} está abierta, dura {length}</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>La del sistema</translation>
    </message>
    <message>
        <source>the song&apos;s own parts</source>
        <translation>las partes propias de la canción</translation>
    </message>
    <message>
        <source>Open a song</source>
        <translation>Abrir una canción</translation>
    </message>
    <message>
        <source>DemixME broke off the last time; where is kept in its log folder.</source>
        <translation>DemixME se cerró de golpe la última vez; su carpeta de registro guarda dónde.</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>Copiar diagnóstico</translation>
    </message>
    <message>
        <source>It is in the queue already.</source>
        <translation>Ya está en la cola.</translation>
    </message>
    <message>
        <source>No song is in there.</source>
        <translation>Ahí no hay ninguna canción.</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>Open a song…</source>
        <extracomment>id, text, keys, method of Commands, group, its arguments, whether holding the key repeats it.</extracomment>
        <translation>Abrir una canción…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportar…</translation>
    </message>
    <message>
        <source>Save the session…</source>
        <translation>Guardar la sesión…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Salir</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>Reproducir o pausar</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Go to the start</source>
        <translation>Ir al principio</translation>
    </message>
    <message>
        <source>Back 5 seconds</source>
        <translation>Retroceder 5 segundos</translation>
    </message>
    <message>
        <source>On 5 seconds</source>
        <translation>Avanzar 5 segundos</translation>
    </message>
    <message>
        <source>Back 1 second</source>
        <translation>Retroceder 1 segundo</translation>
    </message>
    <message>
        <source>On 1 second</source>
        <translation>Avanzar 1 segundo</translation>
    </message>
    <message>
        <source>Previous song</source>
        <translation>Canción anterior</translation>
    </message>
    <message>
        <source>Next song</source>
        <translation>Canción siguiente</translation>
    </message>
    <message>
        <source>Loop on or off</source>
        <translation>Activar o desactivar el bucle</translation>
    </message>
    <message>
        <source>Loop starts here</source>
        <translation>El bucle empieza aquí</translation>
    </message>
    <message>
        <source>Loop ends here</source>
        <translation>El bucle termina aquí</translation>
    </message>
    <message>
        <source>Halve the loop</source>
        <translation>Reducir el bucle a la mitad</translation>
    </message>
    <message>
        <source>Double the loop</source>
        <translation>Duplicar el bucle</translation>
    </message>
    <message>
        <source>Nudge the loop earlier</source>
        <translation>Adelantar un poco el bucle</translation>
    </message>
    <message>
        <source>Nudge the loop later</source>
        <translation>Atrasar un poco el bucle</translation>
    </message>
    <message>
        <source>Loop what comes before</source>
        <translation>Repetir lo que viene antes</translation>
    </message>
    <message>
        <source>Loop what comes after</source>
        <translation>Repetir lo que viene después</translation>
    </message>
    <message>
        <source>Keep this loop…</source>
        <translation>Guardar este bucle…</translation>
    </message>
    <message>
        <source>Former named loop</source>
        <translation>Bucle con nombre anterior</translation>
    </message>
    <message>
        <source>Next named loop</source>
        <translation>Bucle con nombre siguiente</translation>
    </message>
    <message>
        <source>Original (A/B)</source>
        <translation>Original (A/B)</translation>
    </message>
    <message>
        <source>Mute all</source>
        <translation>Silenciar todo</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rehacer</translation>
    </message>
    <message>
        <source>Reset the focused control</source>
        <translation>Restablecer el control enfocado</translation>
    </message>
    <message>
        <source>Clear clip lights</source>
        <translation>Apagar las luces de saturación</translation>
    </message>
    <message>
        <source>Say the state</source>
        <translation>Decir el estado</translation>
    </message>
    <message>
        <source>Next area</source>
        <translation>Área siguiente</translation>
    </message>
    <message>
        <source>Spectrum</source>
        <translation>Espectro</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Ampliar</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Reducir</translation>
    </message>
    <message>
        <source>Scroll left</source>
        <translation>Desplazar a la izquierda</translation>
    </message>
    <message>
        <source>Scroll right</source>
        <translation>Desplazar a la derecha</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Ajustes…</translation>
    </message>
    <message>
        <source>Manual and shortcuts</source>
        <translation>Manual y atajos</translation>
    </message>
    <message>
        <source>About DemixME</source>
        <translation>Acerca de DemixME</translation>
    </message>
    <message>
        <source>Mute strip {n}</source>
        <extracomment>Digits, by their place on the keyboard: what a digit does with each modifier.</extracomment>
        <translation>Silenciar el canal {n}</translation>
    </message>
    <message>
        <source>Solo strip {n}</source>
        <translation>Solo del canal {n}</translation>
    </message>
    <message>
        <source>Go to fader {n}</source>
        <translation>Ir al fader {n}</translation>
    </message>
    <message>
        <source>Only strip {n}</source>
        <translation>Únicamente el canal {n}</translation>
    </message>
    <message>
        <source>Mute strip {n} while held</source>
        <translation>Silenciar el canal {n} mientras se mantiene</translation>
    </message>
    <message>
        <source>Reset mix</source>
        <translation>A cero</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>Something did not work{why}. The log file says more; “demixme doctor” names it.</source>
        <extracomment>One sentence a class; `{file}` is the name or path, `{folder}` the folder it lies in, `{why}` the reason in brackets or nothing, the rest are the error&apos;s own fields.</extracomment>
        <translation>Algo no funcionó{why}. El archivo de registro dice más; «demixme doctor» lo nombra.</translation>
    </message>
    <message>
        <source>Stopped; nothing was left half done.</source>
        <translation>Detenido; nada quedó a medias.</translation>
    </message>
    <message>
        <source>There is a problem with “{file}”{why}. Try another copy of the file.</source>
        <translation>Hay un problema con «{file}»{why}. Prueba con otra copia del archivo.</translation>
    </message>
    <message>
        <source>There is no file “{file}”. It may have been moved or renamed: choose it again.</source>
        <translation>No existe el archivo «{file}». Quizá se movió o cambió de nombre: elígelo de nuevo.</translation>
    </message>
    <message>
        <source>“{file}” cannot be opened{why}. Check that it is a file and that you may read it.</source>
        <translation>«{file}» no se puede abrir{why}. Comprueba que es un archivo y que puedes leerlo.</translation>
    </message>
    <message>
        <source>“{file}” is not audio that DemixME can read, or it is damaged. WAV, FLAC, MP3, M4A, OGG, Opus, AIFF, WMA and the sound of videos work.</source>
        <translation>«{file}» no es audio que DemixME pueda leer, o está dañado. Funcionan WAV, FLAC, MP3, M4A, OGG, Opus, AIFF, WMA y el sonido de los vídeos.</translation>
    </message>
    <message>
        <source>“{file}” holds no sound at all. Try another copy of the song.</source>
        <translation>«{file}» no contiene ningún sonido. Prueba con otra copia de la canción.</translation>
    </message>
    <message>
        <source>“{file}” breaks off early or is damaged. What is there can be played and exported; get another copy for the rest.</source>
        <translation>«{file}» se corta antes de tiempo o está dañado. Lo que hay se puede reproducir y exportar; consigue otra copia para el resto.</translation>
    </message>
    <message>
        <source>“{file}” is audio of a kind DemixME cannot play{why}. Convert it to a WAV or FLAC first.</source>
        <translation>«{file}» es un tipo de audio que DemixME no puede reproducir{why}. Conviértelo antes a WAV o FLAC.</translation>
    </message>
    <message>
        <source>“{file}” cannot be written in “{folder}”{why}. Choose another folder.</source>
        <translation>«{file}» no se puede escribir en «{folder}»{why}. Elige otra carpeta.</translation>
    </message>
    <message>
        <source>There is no room left in “{folder}” for “{file}”. Free some space or choose another folder.</source>
        <translation>No queda espacio en «{folder}» para «{file}». Libera espacio o elige otra carpeta.</translation>
    </message>
    <message>
        <source>“{file}” is there already. Choose another name, or say that it may be replaced.</source>
        <translation>«{file}» ya existe. Elige otro nombre o indica que se puede reemplazar.</translation>
    </message>
    <message>
        <source>“{file}” is not a session of DemixME, or it is damaged. Open the song itself instead.</source>
        <translation>«{file}» no es una sesión de DemixME, o está dañada. Abre la canción misma.</translation>
    </message>
    <message>
        <source>“{file}” was made by a newer DemixME{why}. Install the newest version to open it.</source>
        <translation>«{file}» se hizo con un DemixME más nuevo{why}. Instala la última versión para abrirlo.</translation>
    </message>
    <message>
        <source>These parts cannot be mixed: {names}. There must be 2 to 8 different names, one of which is the rest.</source>
        <translation>Estas partes no se pueden mezclar: {names}. Debe haber de 2 a 8 nombres distintos, uno de los cuales es el resto.</translation>
    </message>
    <message>
        <source>This song has no part called “{name}”. Its parts are {known}.</source>
        <translation>Esta canción no tiene ninguna parte llamada «{name}». Sus partes son {known}.</translation>
    </message>
    <message>
        <source>There is a problem with the model “{name}”{why}. Choose another model.</source>
        <translation>Hay un problema con el modelo «{name}»{why}. Elige otro modelo.</translation>
    </message>
    <message>
        <source>There is no model “{name}”{why}. “demixme models” lists the models that are here.</source>
        <translation>No existe el modelo «{name}»{why}. «demixme models» lista los modelos que hay.</translation>
    </message>
    <message>
        <source>The model “{name}” cannot be read{why}. Copy the .onnx file and its .json again, or choose another model.</source>
        <translation>El modelo «{name}» no se puede leer{why}. Copia de nuevo el archivo .onnx y su .json, o elige otro modelo.</translation>
    </message>
    <message>
        <source>The model “{name}” and its .json file do not belong together{why}. Put the right .json file beside it, or choose another model.</source>
        <translation>El modelo «{name}» y su archivo .json no van juntos{why}. Pon a su lado el archivo .json correcto o elige otro modelo.</translation>
    </message>
    <message>
        <source>The model “{name}” failed while separating{why}. Try again or choose another model.</source>
        <translation>El modelo «{name}» falló al separar{why}. Inténtalo de nuevo o elige otro modelo.</translation>
    </message>
    <message>
        <source>There is a problem with the output {device}{why}. Choose another output.</source>
        <translation>Hay un problema con la salida {device}{why}. Elige otra salida.</translation>
    </message>
    <message>
        <source>There is no sound output{why}. Plug one in and try again; separating and exporting work without.</source>
        <translation>No hay salida de sonido{why}. Conecta una e inténtalo de nuevo; separar y exportar funcionan sin ella.</translation>
    </message>
    <message>
        <source>The output {device} would not open{why}. Close other programs that use it, or choose another output.</source>
        <translation>La salida {device} no se pudo abrir{why}. Cierra otros programas que la usen o elige otra salida.</translation>
    </message>
    <message>
        <source>The output {device} is gone. Plug it in again or choose another output.</source>
        <translation>La salida {device} ha desaparecido. Conéctala de nuevo o elige otra salida.</translation>
    </message>
    <message>
        <source>“{value}” is not a value for {what}. It may be {allowed}.</source>
        <translation>«{value}» no es un valor para {what}. Puede ser {allowed}.</translation>
    </message>
    <message>
        <source>“{command}” needs more packages. Install them with: pip install &apos;demixme[{extra}]&apos;</source>
        <translation>«{command}» necesita más paquetes. Instálalos con: pip install &apos;demixme[{extra}]&apos;</translation>
    </message>
    <message>
        <source>A worker has {here}, but {wanted} is asked for. Install the same DemixME and the same model on every machine.</source>
        <translation>Un proceso tiene {here}, pero se pide {wanted}. Instala el mismo DemixME y el mismo modelo en cada máquina.</translation>
    </message>
    <message>
        <source>The process that worked on “{file}” died again and again{why}. There may not be enough memory: try fewer jobs at once.</source>
        <translation>El proceso que trabajaba en «{file}» murió una y otra vez{why}. Quizá no haya memoria suficiente: prueba con menos tareas a la vez.</translation>
    </message>
    <message>
        <source>No worker of the cluster “{address}” answers{why}. Start workers and run it again: finished songs are not done twice.</source>
        <translation>Ningún proceso del clúster «{address}» responde{why}. Inicia procesos y ejecútalo de nuevo: las canciones terminadas no se hacen dos veces.</translation>
    </message>
    <message>
        <source>No window can be opened here{why}. The commands work without one: “demixme --help”.</source>
        <translation>Aquí no se puede abrir ninguna ventana{why}. Las órdenes funcionan sin ella: «demixme --help».</translation>
    </message>
    <message>
        <source>There is not enough memory. Close other programs or try a shorter song.</source>
        <translation>No hay memoria suficiente. Cierra otros programas o prueba con una canción más corta.</translation>
    </message>
    <message>
        <source>The system says no{why}. Check the file and its folder, then try again.</source>
        <translation>El sistema se niega{why}. Comprueba el archivo y su carpeta, e inténtalo de nuevo.</translation>
    </message>
    <message>
        <source>Something went wrong inside DemixME{why}. The log file says more; “demixme doctor” names it.</source>
        <translation>Algo salió mal dentro de DemixME{why}. El archivo de registro dice más; «demixme doctor» lo nombra.</translation>
    </message>
    <message>
        <source>{kind} cannot hold {rate} Hz; it is written at {to} Hz.</source>
        <extracomment>What there is to say about a file that was written.</extracomment>
        <translation>{kind} no admite {rate} Hz; se escribe a {to} Hz.</translation>
    </message>
    <message>
        <source>The loudest would clip, so all are {by} dB lower.</source>
        <translation>La más fuerte saturaría, así que todas van {by} dB más bajas.</translation>
    </message>
    <message>
        <source>{n} frames were too loud and are clipped.</source>
        <translation>{n} muestras eran demasiado fuertes y están recortadas.</translation>
    </message>
    <message>
        <source>It is too long for a WAV: it is an RF64, without tags.</source>
        <translation>Es demasiado largo para un WAV: es un RF64, sin etiquetas.</translation>
    </message>
    <message>
        <source>The song&apos;s tags could not be written.</source>
        <translation>No se pudieron escribir las etiquetas de la canción.</translation>
    </message>
</context>
<context>
    <name>parts</name>
    <message>
        <source>Mixer</source>
        <extracomment>Master&apos;s width, and the least width of strips beside it, from roomy to tight.</extracomment>
        <translation>Mezclador</translation>
    </message>
    <message>
        <source>guitar, keys, the rest</source>
        <translation>guitarra, teclas y resto</translation>
    </message>
    <message>
        <source>the rest</source>
        <translation>el resto</translation>
    </message>
    <message>
        <source>Vocals</source>
        <translation>Voz</translation>
    </message>
    <message>
        <source>Drums</source>
        <translation>Batería</translation>
    </message>
    <message>
        <source>Bass</source>
        <translation>Bajo</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Otros</translation>
    </message>
    <message>
        <source>Instrumental</source>
        <translation>Instrumental</translation>
    </message>
    <message>
        <source>Guitar</source>
        <translation>Guitarra</translation>
    </message>
    <message>
        <source>Piano</source>
        <translation>Piano</translation>
    </message>
</context>
<context>
    <name>presets</name>
    <message>
        <source>All parts</source>
        <translation>Todas</translation>
    </message>
    <message>
        <source>Karaoke</source>
        <translation>Karaoke</translation>
    </message>
    <message>
        <source>A cappella</source>
        <translation>A capela</translation>
    </message>
    <message>
        <source>Drumless</source>
        <translation>Sin batería</translation>
    </message>
    <message>
        <source>Bassless</source>
        <translation>Sin bajo</translation>
    </message>
    <message>
        <source>No guitar &amp; keys</source>
        <translation>Sin guit. y teclas</translation>
    </message>
    <message>
        <source>Drums &amp; bass</source>
        <translation>Batería y bajo</translation>
    </message>
</context>
<context>
    <name>spoken</name>
    <message>
        <source>All faders at 0, nothing muted</source>
        <translation>Todos los faders a 0, nada en silencio</translation>
    </message>
    <message>
        <source>Loop off</source>
        <translation>Bucle desactivado</translation>
    </message>
    <message>
        <source>Loop from {first} to {last}</source>
        <translation>Bucle de {first} a {last}</translation>
    </message>
    <message>
        <source>The untouched song</source>
        <translation>La canción intacta</translation>
    </message>
    <message>
        <source>The mix</source>
        <translation>La mezcla</translation>
    </message>
    <message>
        <source>Monitoring volume, {n} percent</source>
        <translation>Volumen de escucha, {n} por ciento</translation>
    </message>
    <message>
        <source>All parts are ready</source>
        <translation>Todas las partes están listas</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>en silencio</translation>
    </message>
    <message>
        <source>0 decibels</source>
        <translation>0 decibelios</translation>
    </message>
    <message>
        <source>minus {n} decibels</source>
        <translation>menos {n} decibelios</translation>
    </message>
    <message>
        <source>plus {n} decibels</source>
        <translation>más {n} decibelios</translation>
    </message>
    <message>
        <source>centre</source>
        <translation>centro</translation>
    </message>
    <message>
        <source>{n} percent left</source>
        <translation>{n} por ciento a la izquierda</translation>
    </message>
    <message>
        <source>{n} percent right</source>
        <translation>{n} por ciento a la derecha</translation>
    </message>
    <message>
        <source>{part} volume, {level}</source>
        <translation>Volumen de {part}, {level}</translation>
    </message>
    <message>
        <source>{part} balance, {place}</source>
        <translation>Balance de {part}, {place}</translation>
    </message>
    <message>
        <source>{part} muted</source>
        <translation>{part} en silencio</translation>
    </message>
    <message>
        <source>{part} no longer muted</source>
        <translation>{part} ya no está en silencio</translation>
    </message>
    <message>
        <source>{part} solo</source>
        <translation>{part} en solo</translation>
    </message>
    <message>
        <source>{part} no longer solo</source>
        <translation>{part} ya no está en solo</translation>
    </message>
    <message>
        <source>Master volume, {level}</source>
        <translation>Volumen de máster, {level}</translation>
    </message>
</context>
</TS>
