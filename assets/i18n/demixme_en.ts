<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>SettingsDialog</name>
    <message numerus="yes">
        <source>%n song(s) are remembered with mix and place.</source>
        <translation>
            <numerusform>%n song is remembered with mix and place.</numerusform>
            <numerusform>%n songs are remembered with mix and place.</numerusform>
        </translation>
    </message>
</context>
</TS>
